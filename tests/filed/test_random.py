"""Records of random cases are sound: the checker re-derives each of them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify import verify
from kb.engines.pydatalog import PyDatalog
from queries.decide import decide
from tests.strategies import blackpool, case, facts, laws


@laws(60)
@given(facts=facts("blackpool"))
def test_the_record_of_any_case_is_sound(facts: dict[str, Any]) -> None:
    content = content_of(decide(blackpool(), case(blackpool(), facts), PyDatalog()))
    assert verify(json.loads(as_json(content))) == []
