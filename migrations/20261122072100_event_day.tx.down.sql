drop table event_message_mails, event_messages, certificates, session_attendance, check_ins, check_in_devices;
