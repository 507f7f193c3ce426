"""Resource usage: Workers, storage and AI, each in a tab that is loaded when it is opened."""

from meaux.ui import data, filters, resources, tabs

selection = filters.current()
plan = data.current_plan()

tabs.show(
    {
        "Workers": lambda: resources.workers_tab(selection, plan),
        "Storage": lambda: resources.storage_tab(selection, plan),
        "AI": lambda: resources.ai_tab(selection, plan),
    }
)
