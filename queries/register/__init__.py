"""What people do with the register and ask of it; `kb.register` stores it.

`change` records facts, notes and decisions of people, `answering` works out answers, `known` tells what was known when.
"""
