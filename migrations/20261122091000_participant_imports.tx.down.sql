drop table participant_import_problems;
drop table participant_import_rows;
drop table participant_imports;
