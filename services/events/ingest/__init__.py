"""Takes what partner systems publish: reads it safely, answers with a receipt."""
