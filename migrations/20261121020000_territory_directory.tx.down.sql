drop index nodes_organizations;
drop table organization_claims, organization_links, organization_identifiers, organizations,
  taxonomy_terms, populations, territories;
