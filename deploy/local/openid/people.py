"""The demo users of the local sign-in: one made-up person for each role."""

import msgspec


class DemoPerson(msgspec.Struct, frozen=True):
    """Someone who can be picked on the local sign-in page."""

    role: str
    """A value of shared.auth.Role."""
    name: str
    task: str
    """What the person does, in German, as the sign-in page shows it."""

    @property
    def subject(self) -> str:
        """Name the person to the provider's clients, for good."""
        return f"demo-{self.role}"

    @property
    def email(self) -> str:
        """Build the made-up address, in a domain that can never exist."""
        return f"{self.role}@ehrensache.example"

    @property
    def groups(self) -> list[str]:
        """List the directory groups that registry maps to roles."""
        return [f"ehrensache-{self.role}"]


DEMO_PEOPLE = (
    DemoPerson("foundation", "Marlene Voss", "Stiftung: plant das Ehrungskonzert"),
    DemoPerson("clerk", "Jonas Rehfeld", "Sachbearbeitung: Personen, Vereine, Importe"),
    DemoPerson("editor", "Aylin Tannert", "Redaktion: Veranstaltungskalender und Partner"),
    DemoPerson("protocol", "Henrike Albers", "Protokoll: Ehrengäste und Sitzplan"),
    DemoPerson("jury", "Tobias Wendland", "Jury: stimmt über Auszeichnungen ab"),
    DemoPerson("door", "Samira Kohlhaas", "Einlass: prüft Eintrittskarten"),
    DemoPerson("auditor", "Ulrike Pohlmann", "Datenschutz: sieht das Prüfprotokoll"),
    DemoPerson("admin", "Kai Lindholm", "Betrieb: Zustand und Einstellungen"),
)
