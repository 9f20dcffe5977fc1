drop table comment_mentions, comment_texts, comments;
drop function viewer_level;
