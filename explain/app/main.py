"""The script that Streamlit runs for each session: it defines the pages and runs the selected one.

The pages are in `views`, not `pages`: Streamlit runs files in a folder named `pages` without this script.
"""

import streamlit as st

from explain.app import frame, lost, register_panel, session, speech, style
from explain.app.guard import log_no_values

log_no_values()
PAGES = {
    path: st.Page(f"views/{file}.py", title=title, url_path=path, default=not path)
    for path, file, title in (
        ("", "start", "Start"),
        ("ask", "ask", "Ask"),
        ("answer", "why", "Answer"),
        ("facts", "facts", "Recorded facts"),
        ("map", "map", "Team map"),
        ("policy", "policy", "Policy"),
        ("checks", "checks", "Checks"),
        ("cases", "cases", "Cases"),
        ("about", "about", "About"),
    )
}
page = st.navigation(list(PAGES.values()), position="hidden")
# No case number stands in the title: browsers keep titles, and may send them to where a person's history is kept.
st.set_page_config(page_title=f"{page.title} – {frame.PRODUCT}", page_icon="🧭", layout="wide")
style.apply()
speech.begin(page.url_path)
target = session.page_to_go_to()
if target is not None:
    speech.turn()
    st.switch_page(target)
frame.top(PAGES, page.url_path)
frame.strip()
register_panel.draw()
lost.watch()
frame.ask_about_unsaved()
page.run()
frame.footer()
speech.draw()
