drop function who_ask;
