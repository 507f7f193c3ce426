"""Operations: how workflows run, what becomes of email, and what the logs say."""

from meaux.ui import filters, operations, tabs

selection = filters.current()

tabs.show(
    {
        "Workflows": lambda: operations.workflows_tab(selection),
        "Email": lambda: operations.email_tab(selection),
        "Events": lambda: operations.events_tab(selection),
    }
)
