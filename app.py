"""The app: its pages, and nothing else. Started by `whichteam app`."""

import streamlit as st

st.set_page_config(page_title="whichteam", page_icon="🧭", layout="wide")
st.navigation(
    [
        st.Page("explain/app/pages/why.py", title="Why this team?", url_path="why", default=True),
        st.Page("explain/app/pages/map.py", title="Team map", url_path="map"),
        st.Page("explain/app/pages/policy.py", title="Policy", url_path="policy"),
        st.Page("explain/app/pages/checks.py", title="Checks", url_path="checks"),
        st.Page("explain/app/pages/cases.py", title="Cases", url_path="cases"),
        st.Page("explain/app/pages/about.py", title="About", url_path="about"),
    ],
    position="top",
).run()
