"""Settling on Apache Spark, the very same way as on one machine: `job` what is asked and how it is divided, `tasks` what a
worker does, `rows` usage in any order as a DataFrame, `session` Spark itself. Wants the extra `spark`.
"""
