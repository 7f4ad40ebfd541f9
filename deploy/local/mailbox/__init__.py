"""The mailbox of the local run: takes every mail by SMTP and shows it in the browser."""
