"""The demo users of the local sign-in: one made-up person for each role."""

import msgspec

from shared.auth import Role


class DemoPerson(msgspec.Struct, frozen=True):
    """Someone who can be picked on the local sign-in page."""

    role: Role
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
    DemoPerson(Role.FOUNDATION, "Marlene Voss", "Stiftung: plant das Ehrungskonzert"),
    DemoPerson(Role.CLERK, "Jonas Rehfeld", "Sachbearbeitung: Personen, Vereine, Importe"),
    DemoPerson(Role.EDITOR, "Aylin Tannert", "Redaktion: Veranstaltungskalender und Partner"),
    DemoPerson(Role.PROTOCOL, "Henrike Albers", "Protokoll: Ehrengäste und Sitzplan"),
    DemoPerson(Role.JURY, "Tobias Wendland", "Jury: stimmt über Auszeichnungen ab"),
    DemoPerson(Role.DOOR, "Samira Kohlhaas", "Einlass: prüft Eintrittskarten"),
    DemoPerson(Role.AUDITOR, "Ulrike Pohlmann", "Datenschutz: sieht das Prüfprotokoll"),
    DemoPerson(Role.ADMIN, "Kai Lindholm", "Betrieb: Zustand und Einstellungen"),
)
