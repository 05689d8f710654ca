"""Sub-agents in text: what they were told and said is no word of the user's or the agent's."""

from __future__ import annotations

PROMPT = "Find every caller of parse_rate in the billing package and say which of them pass a string"

EXPORT = f"""### 👤 User

Make parse_rate strict.

---

### 🤖 Assistant (model-x)

I'll have the callers looked up first.

---

### 🤖 Assistant (model-x)

🔧 **Tool Use: Task** (ID: toolu_1)
```json
{{
  "subagent_type": "general-purpose",
  "description": "Find callers",
  "prompt": "{PROMPT}"
}}
```

---

### 👤 User

{PROMPT}

---

### 🤖 Assistant (model-x)

I'll search the package for callers.

---

### 🤖 Assistant (model-x)

🔧 **Tool Use: Bash** (ID: toolu_2)
```json
{{
  "command": "grep -rn parse_rate billing"
}}
```

---

### 👤 User

📊 **Tool Result:**
```
billing/tax.py:4: parse_rate("7%")
```

---

### 🤖 Assistant (model-x)

One caller passes a string.
"""

RESULT = """
---

### 👤 User

📊 **Tool Result:**
```
billing/tax.py passes a string
```

---

### 🤖 Assistant (model-x)

Only tax.py is left to change.
"""

USER = """
---

### 👤 User

Stop, leave tax.py alone.
"""


def test_the_prompt_is_no_request(said):
    """A turn that repeats the prompt of the call before it is the sub-agent's, as is what it answers."""
    assert said(EXPORT) == [
        ("user", "Make parse_rate strict."),
        ("assistant", "I'll have the callers looked up first."),
    ]


def test_its_tools_are_told(read):
    """What a sub-agent ran was run, with its result."""
    (command,) = read(EXPORT).commands
    assert (command.text, command.output) == ("grep -rn parse_rate billing", 'billing/tax.py:4: parse_rate("7%")')


def test_the_result_ends_it(said, read):
    """With the result of the call the agent itself speaks again."""
    assert said(EXPORT + RESULT)[-1] == ("assistant", "Only tax.py is left to change.")
    task = next(it for it in read(EXPORT + RESULT).tool_calls if it.name == "Task")
    assert task.outcome == "ok"


def test_the_user_ends_it(said):
    """What the user says themselves ends it too."""
    assert said(EXPORT + USER)[-1] == ("user", "Stop, leave tax.py alone.")


def test_wrapped_otherwise(said):
    """The prompt may be broken into other lines than in the call."""
    text = EXPORT.replace(f"User\n\n{PROMPT}", f"User\n\n{PROMPT.replace(' in the ', chr(10) + '  in the ')}")
    assert text != EXPORT
    assert len(said(text)) == 2


def test_another_request_is_the_users(said):
    """A turn that says something else is the user's, though a sub-agent was called before."""
    text = EXPORT.replace(f"User\n\n{PROMPT}", "User\n\nFind it yourself, do not delegate.")
    assert ("user", "Find it yourself, do not delegate.") in said(text)
