"""What the agent wants of the user before it goes on."""

from __future__ import annotations

import pytest

from handoff_cli.documents.extract import extract
from handoff_cli.documents.extract.language.invites import invitation
from handoff_cli.documents.extract.language.words import sentences
from tests.documents.sessions import told


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Ready. Tell me which of the two you want, and I will apply it.", "Tell me which of the two you want"),
        ("All is set. Once you have run the migration, I'll drop the column.", "Once you have run the migration"),
        ("Erledigt. Bitte sag mir, welche Farbe es sein soll.", "Bitte sag mir"),
        ("It sends mails. Send is called from the queue.", ""),
        ("Done. Share buttons work again.", ""),
        ("Done. Paste handling and upload limits are as before.", ""),
        ("Done. Send the user a mail yourself.", ""),
        ("Paste the log here.", "Paste the log here"),
        ("Share `app.log` with me.", "Share `app.log`"),
        ("Send 3 lines of it.", "Send 3 lines"),
        ("Two causes are left. If you want, I can guard the slices first.", "If you want, I can"),
        ("Fixed. Let me know if you need anything else.", ""),
        ("Fixed. Let me know if this helps.", ""),
        ("Try it. Let me know if the page loads. That narrows it down.", "Let me know if the page loads"),
        ("Pruébalo. Avísame si carga la página.", "Avísame si carga"),
        ("Listo. Avísame si necesitas algo más.", ""),
        ("Run it and let me know if it passes.", "Run it"),
        ("Starte den Dienst und sag mir, ob der Fehler noch kommt.", "Starte"),
        ("Relance et dis-moi si ça marche.", "Relance"),
        ("请重启服务，然后告诉我是否还报错。", "请重启"),
        ("再起動して、エラーが出るかどうか教えてください。", "再起動"),
        ("Перезапусти и скажи, осталась ли ошибка.", "Перезапусти"),
        ("Look over it and let me know if you need more.", ""),
        ("如果还有问题请告诉我。", ""),
        ("何かあれば教えてください。", ""),
        ("I fixed it and told the team.", ""),
        (
            "What of it? If this looks good, I will:\n1. Write it.\n2. Link it.",
            "If this looks good, I will: Write it; Link it",
        ),
        ("If this is good code I cannot tell.", ""),
        ("Tell me about it, I thought. " + "The tests pass. " * 4, ""),
    ],
)
def test_what_the_agent_wants_of_the_user_stands_near_the_end_of_its_last_words(said, wanted):
    invites = invitation(sentences(said))
    assert invites.startswith(wanted)
    assert bool(invites) == bool(wanted)


def test_what_the_agent_wants_is_of_its_last_message_alone():
    said = (("user", "go on"), ("assistant", "Run it and tell me if it passes."))
    assert extract(told(*said)).task.invites
    assert not extract(told(*said, ("user", "it does"))).task.invites
