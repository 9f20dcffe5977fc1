drop table blob_chunks, document_uploads, document_versions, documents, document_collections;
create temp table gone on commit drop as select id from nodes where kind = 'document_collection';
delete from nodes where id in (select id from gone);
delete from node_kinds where kind = 'document_collection';
