"""Projects: their status, progress, activity and cost."""
