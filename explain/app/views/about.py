"""About page: what the program does and does not do, where data goes, and the versions in use."""

import platform
from html import escape
from importlib.metadata import PackageNotFoundError, version

from explain.app import case_register, plain, session
from explain.app.guard import guarded
from explain.app.style import html
from explain.document.as_markdown import as_markdown
from explain.policy_names import installed_names
from explain.transparency import draft, transparency_record
from kb.policy import installed
from queries.load import load_program

DOES = (
    "Says which team holds a child's case under the council's written policy, and at which point it moves.",
    "Proves each answer: every step is shown with its clause and lines.",
    "Says what is not recorded, what it would change, and what holds a move up.",
    "Says so where the policy names no team or its clauses clash, and whom it escalates to.",
)
DOES_NOT = (
    "It does not decide for anyone. It advises; a person decides.",
    "It judges no threshold, no need and no risk, and does not score children or families.",
    "It does not know what nobody recorded, and does not guess it.",
    "It does not hold the councils' documents: clauses stand in our own words, cited by line.",
)
ALWAYS = (
    "Addresses of pages and logs hold nothing of a case. Other sessions cannot see yours.",
    "Records and tables leave the app only when you download them.",
)
IN_TAB = (
    "The app answers on this computer only. It sends nothing out and fetches nothing.",
    "A case lives in this browser tab. Close or reload the tab and it is forgotten; nothing is written to disk or to a log.",
)
IN_REGISTER = (
    "The app answers on this computer only, and fetches nothing.",
    "A change of a case is kept at once, with the name of this computer’s user and the time. Nothing is written over. "
    "Examples, and files that are only looked at, are not kept.",
    "How a case is erased, and for how long it is kept: “Data protection” in the documentation.",
)
REVIEW = (
    "A manager who knows the child reads the answer and its proof before acting on it. Whoever disagrees sets the answer "
    "aside, with a reason, in the record (“Who decided?” on the first page). Where the policy leaves a point to managers, "
    "names no team, or contradicts itself, the app names nobody in their place."
)
PACKAGES = ("whichteam", "pyDatalog", "streamlit")


def page() -> None:
    plain.title("About whichteam", anchor=False)
    for title, lines in (("What it does", DOES), ("What it does not do", DOES_NOT), ("Where the data goes", _data())):
        plain.header(title, anchor=False)
        html(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>")
    plain.header("A person decides", anchor=False)
    plain.write(REVIEW)
    _versions()
    _transparency()


def _data() -> tuple[str, ...]:
    """Where a case is kept and what leaves this computer, as the app was started."""
    return (case_register.place_told(), *IN_REGISTER, *ALWAYS) if case_register.is_on() else (*IN_TAB, *ALWAYS)


def _versions() -> None:
    plain.header("Versions", anchor=False)
    rows = "".join(_row(name, _version(name), "") for name in PACKAGES) + _row("Python", platform.python_version(), "")
    for code in installed():
        policy = load_program(code).policy
        rows += _row(f"{policy.name}: {policy.document}", policy.version, policy.digest)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("What", "Version", "Hash of its files (SHA-256)"))
    table = f"<caption>What gives the answers</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    html(f'<div class="scroll" tabindex="0" role="region" aria-label="Versions"><table>{table}</table></div>')


def _row(name: str, value: str, digest: str) -> str:
    return f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td><td class="hash">{escape(digest)}</td></tr>'


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed as a package"


def _transparency() -> None:
    plain.header("Algorithmic transparency record (draft)", anchor=False)
    names = installed_names()
    known = list(names)
    code = plain.selectbox("Policy in use", known, known.index(session.policy_at_hand()), names.__getitem__, width=420)
    policy = load_program(code).policy
    plain.write("A draft under the UK Algorithmic Transparency Recording Standard. What only the council can say is marked.")
    body = ""
    for section in transparency_record(policy):
        rows = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(text)}</td></tr>' for name, text in section.fields)
        body += f"<h3>{escape(section.title)}</h3><table><tbody>{rows}</tbody></table>"
    html(f'<div class="wt-record">{body}</div>')
    plain.download_button(
        "Download the draft", as_markdown(draft(policy)), f"transparency-{code}.md", on_click="ignore", key="draft"
    )


guarded(page)
