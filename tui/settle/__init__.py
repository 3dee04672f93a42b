"""Settling very many subscribers: `usage` reads rows and `opening` what lines held, `rows` and `beginnings` judge, `settler`
makes of them statements and lots, `work` keeps what is done until all is whole. Wants the extra `batch`; whole numbers
throughout.
"""
