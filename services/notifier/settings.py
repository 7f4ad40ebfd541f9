"""What notifier needs to know besides what every service does."""

from pathlib import Path
from typing import Final

from services.notifier.occasion import Sender
from services.notifier.smtp import SmtpServer, Tls
from shared.settings import ServiceSettings
from shared.web.assets import VENDOR

FONTS: Final = VENDOR / "fonts"


class Settings(ServiceSettings, frozen=True, kw_only=True):
    """Notifier's settings; the sender's stand on every mail and letter."""

    smtp_host: str
    smtp_port: int = 587
    smtp_tls: Tls = "starttls"
    """How the connection is encrypted; `none` only for a server on the same machine."""
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str
    """Address that mails come from; its domain also names them (Message-ID)."""
    sender_organisation: str
    sender_street: str
    sender_town: str
    """Postal code and town."""
    sender_phone: str
    sender_email: str
    """Address for questions."""
    sender_signatory: str = ""
    """Who signs mails and letters."""
    opt_out_key: str
    """Secret that signs the links by which people turn mails into letters."""
    lease_seconds: float = 300
    """How long a worker may take for a mail before another one takes it over."""
    fonts: str = str(FONTS)
    """Folder with NotoSans-Regular.woff and NotoSans-Bold.woff."""

    @property
    def sender(self) -> Sender:
        """Return who writes."""
        return Sender(
            organisation=self.sender_organisation,
            street=self.sender_street,
            town=self.sender_town,
            phone=self.sender_phone,
            email=self.sender_email,
            signatory=self.sender_signatory,
        )

    @property
    def smtp_server(self) -> SmtpServer:
        """Return the server that takes our mails."""
        return SmtpServer(
            host=self.smtp_host,
            port=self.smtp_port,
            tls=self.smtp_tls,
            user=self.smtp_user,
            password=self.smtp_password,
            hello=self.mail_from.rpartition("@")[2],
        )

    @property
    def font_folder(self) -> Path:
        """Return where the fonts lie."""
        return Path(self.fonts)
