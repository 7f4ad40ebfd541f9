"""Tells PostgreSQL how to plan the statements of a transaction."""

from shared.database import Connection


async def plan_by_indexes(transaction: Connection) -> None:
    """Have the transaction's statements find each row by an index, however small its table is.

    A connection keeps its plans until the tables are analysed. One that was made when they were
    small would read all of a table, for each item, while a partner fills it.
    """
    await transaction.execute(
        """
        select set_config(setting, 'off', true)
        from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as setting
        """
    )
