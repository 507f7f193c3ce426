"""Home as it is often written first: whole tables in pandas, cached, grouped and drawn each run.

It shows four numbers with their trends and four charts, with a period and a team to choose.
"""

import os
import sqlite3
from contextlib import closing

import altair as alt
import pandas as pd
import streamlit as st

DAYS = {"Last 30 days": 30, "Last 90 days": 90}

st.set_page_config(layout="wide")


@st.cache_data(ttl=3600, show_spinner=False)
def table(name: str) -> pd.DataFrame:
    """All rows of a table."""
    with closing(sqlite3.connect(os.environ["MEAUX_DATABASE"])) as connection:
        return pd.read_sql(f"SELECT * FROM {name}", connection)


def texts(times: pd.Series) -> pd.Series:
    """Times that are written as text."""
    return pd.to_datetime(times, format="ISO8601", errors="coerce").dt.tz_localize(None)


def by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(day=rows["at"].dt.floor("D"))


projects, teams, users = table("projects"), table("teams"), table("users")
entries, models, infrastructure = (
    table("time_entries"),
    table("ai_cost_tracking"),
    table("cloudflare_usage"),
)
sessions, chats = table("user_sessions"), table("ai_conversations")

period = st.sidebar.selectbox("Period", list(DAYS))
team = st.sidebar.selectbox("Team", ["All", *teams["name"]])
end = pd.Timestamp(os.environ["MEAUX_TODAY"]) + pd.Timedelta(days=1)
start = end - pd.Timedelta(days=DAYS[period] + 1)

named = teams[["id", "name"]].rename(columns={"id": "team_id", "name": "team"})
projects = projects.merge(named, on="team_id", how="left")
entries = entries.assign(at=pd.to_datetime(entries["started_at"], unit="s"))
models = models.assign(at=texts(models["created_at"]))
infrastructure = infrastructure.assign(
    at=pd.to_datetime(infrastructure["usage_date"], errors="coerce")
)
sessions = sessions.assign(at=pd.to_datetime(sessions["started_at"], unit="ms"))
chats = chats.assign(at=texts(chats["started_at"]))

people = users[["id", "hourly_rate"]].set_axis(["user_id", "rate_of_user"], axis=1)
priced = projects[["id", "name", "team", "hourly_rate"]]
priced = priced.set_axis(["project_id", "project", "team", "rate_of_project"], axis=1)
entries = entries.merge(people, on="user_id", how="left").merge(priced, on="project_id", how="left")
rate = entries["hourly_rate"].fillna(entries["rate_of_user"]).fillna(entries["rate_of_project"])
entries["cost"] = entries["cost_usd"].fillna(entries["seconds"] / 3600 * rate)
spent = [entries[["at", "project", "team", "cost"]].assign(category="Time")]
for category, rows in {"AI": models, "Infrastructure": infrastructure}.items():
    of = rows.merge(priced, on="project_id", how="left")
    of = of[["at", "project", "team", "cost_usd"]].rename(columns={"cost_usd": "cost"})
    spent.append(of.assign(category=category))
ledger = pd.concat(spent)
seen = pd.concat([rows[["at", "user_id"]] for rows in (sessions, entries, chats)])

ledger, hours, seen = (
    rows[(rows["at"] >= start) & (rows["at"] < end)] for rows in (ledger, entries, seen)
)
if team != "All":
    ledger, hours, projects = (rows[rows["team"] == team] for rows in (ledger, hours, projects))

cost_by_day = by_day(ledger).groupby("day")["cost"].sum()
hours_by_day = by_day(hours[hours["seconds"] >= 0]).groupby("day")["seconds"].sum() / 3600
users_by_day = by_day(seen).groupby("day")["user_id"].nunique()
made = projects.assign(day=texts(projects["created_at"]).dt.floor("D"))
projects_by_day = made.groupby("day").size().cumsum()

trends = {
    "Total projects": (f"{len(projects)}", projects_by_day),
    "Active users": (f"{seen['user_id'].nunique()}", users_by_day),
    "Cost": (f"${cost_by_day.sum():,.0f}", cost_by_day),
    "Hours": (f"{hours_by_day.sum():,.1f}", hours_by_day),
}
for place, (label, (value, trend)) in zip(st.columns(4), trends.items(), strict=True):
    place.metric(label, value, chart_data=trend.tolist(), border=True)

lines = by_day(ledger).groupby(["day", "category"], as_index=False)["cost"].sum()
lines = pd.concat([lines, cost_by_day.reset_index().assign(category="Total")])
st.subheader("Cost trend")
st.altair_chart(
    alt.Chart(lines)
    .mark_line()
    .encode(x="day:T", y="cost:Q", color="category:N", tooltip=["day:T", "category", "cost"])
)
status = projects.assign(status=projects["status"].str.strip().str.lower())
status = status.groupby("status", as_index=False).size()
top = ledger.groupby("project", as_index=False)["cost"].sum().nlargest(5, "cost")
teams_of_projects = projects.groupby("team", as_index=False).size()
charts = {
    "Project status": alt.Chart(status)
    .mark_arc(innerRadius=50)
    .encode(theta="size:Q", color="status:N", tooltip=["status", "size"]),
    "Top 5 projects": alt.Chart(top)
    .mark_bar()
    .encode(x="cost:Q", y=alt.Y("project:N", sort="-x"), tooltip=["project", "cost"]),
    "Projects by team": alt.Chart(teams_of_projects)
    .mark_arc()
    .encode(theta="size:Q", color="team:N", tooltip=["team", "size"]),
}
for place, (title, chart) in zip(st.columns(3), charts.items(), strict=True):
    place.subheader(title)
    place.altair_chart(chart)
