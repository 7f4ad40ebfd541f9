"""Lists all of notifier's routes."""

from typing import Final

from services.notifier.http.letters import (
    get_batch,
    get_batches,
    get_post_question,
    post_posted,
    post_print,
)
from services.notifier.http.message_sheet import get_message_sheet, post_message_sheet
from services.notifier.http.messages import get_messages, post_again, post_letter
from services.notifier.http.opt_out import get_opt_out, post_opt_out
from services.notifier.http.prints import get_pdf, get_print, get_progress, post_stop
from services.notifier.http.sending import (
    get_pause_question,
    get_resume_question,
    post_pause,
    post_rate,
    post_resume,
)
from services.notifier.http.waiting import get_waiting

ROUTES: Final = [
    get_waiting,
    get_messages,
    get_message_sheet,
    post_message_sheet,
    post_again,
    post_letter,
    get_pause_question,
    post_pause,
    get_resume_question,
    post_resume,
    post_rate,
    get_batches,
    get_batch,
    post_print,
    get_post_question,
    post_posted,
    get_print,
    get_progress,
    post_stop,
    get_pdf,
    get_opt_out,
    post_opt_out,
]
