"""The script that Streamlit runs for each session: it defines the pages and runs the selected one.

The pages are in `views`, not `pages`: Streamlit runs files in a folder named `pages` without this script.
"""

import streamlit as st

from explain.app import lost
from explain.app.guard import log_no_values

log_no_values()
st.set_page_config(page_title="whichteam", page_icon="🧭", layout="wide")
page = st.navigation(
    [
        st.Page("views/why.py", title="Why this team?", url_path="why", default=True),
        st.Page("views/map.py", title="Team map", url_path="map"),
        st.Page("views/policy.py", title="Policy", url_path="policy"),
        st.Page("views/checks.py", title="Checks", url_path="checks"),
        st.Page("views/cases.py", title="Cases", url_path="cases"),
        st.Page("views/about.py", title="About", url_path="about"),
    ],
    position="top",
)
lost.watch()
page.run()
