"""Meaux Analytics: the operations dashboard for a business that runs on Cloudflare D1."""
