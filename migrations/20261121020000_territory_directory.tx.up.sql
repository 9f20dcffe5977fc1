-- Places, bodies and the shared vocabularies. Names live in nodes; what is part
-- of what, who acts where and who acts for whom are edges.

create table territories (
  node         uuid primary key references nodes on delete cascade,
  kind         text not null constraint territories_kind check (kind in
                 ('municipality', 'comarca', 'province', 'district', 'neighbourhood')),
  code         text not null check (code <> ''),
  municipality uuid references territories, -- of a district or neighbourhood
  lat          double precision check (lat between -90 and 90),
  lon          double precision check (lon between -180 and 180),
  constraint territories_ine_code check (kind <> 'municipality' or code ~ '^[0-9]{5}$'),
  constraint territories_inside check ((kind in ('district', 'neighbourhood')) = (municipality is not null)),
  constraint territories_point check ((lat is null) = (lon is null) and (kind <> 'municipality' or lat is not null))
);
-- City codes run per city, all others per kind.
create unique index territories_code on territories (kind, code) where municipality is null;
create unique index territories_city_code on territories (municipality, kind, code) where municipality is not null;

-- A population has a year and a source; figures of several sources may stand
-- side by side.
create table populations (
  territory   uuid not null references territories on delete cascade,
  year        smallint not null check (year between 1900 and 2200),
  source      text not null check (source <> ''),
  inhabitants integer not null check (inhabitants >= 0),
  primary key (territory, year, source)
);

create table taxonomy_terms (
  node       uuid primary key references nodes on delete cascade,
  kind       text not null constraint taxonomy_terms_kind check (kind in
               ('field', 'goal', 'challenge', 'axis', 'audience', 'target_group')),
  code       text not null constraint taxonomy_terms_code_form check (code ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  position   integer not null default 0,
  note       jsonb not null default '{}',
  retired_at timestamptz,
  constraint taxonomy_terms_code unique (kind, code)
);

-- What a body says about itself. A municipality has a row once somebody has
-- written something; the other kinds have one from the start.
create table organizations (
  node              uuid primary key references nodes on delete cascade,
  institution_kind  text not null default '' constraint organizations_institution_kind check (institution_kind in
                      ('', 'PROVINCIAL_COUNCIL', 'COMARCA_COUNCIL', 'UNIVERSITY', 'SCHOOL', 'PROFESSIONAL_BODY',
                       'BUSINESS', 'OTHER')),
  sector            text not null constraint organizations_sector check (sector in
                      ('PUBLIC', 'ACADEMIC', 'PROFESSIONAL', 'BUSINESS', 'SOCIAL')),
  legal_personality boolean, -- null: not known
  description       jsonb not null default '{}',
  mail              text not null default '',
  phone             text not null default '',
  website           text not null default '',
  capacities        jsonb not null default '[]' constraint organizations_capacities check (jsonb_typeof(capacities) = 'array'),
  board_from        date,
  board_until       date, -- last day of the term
  claimed_at        timestamptz,
  verified_at       timestamptz,
  verified_by       uuid references nodes, -- the body whose officer verified it
  invented          boolean not null default false,
  added_by          uuid references nodes,
  revision          bigint not null default 1,
  constraint organizations_board check (board_until >= board_from)
);

-- Lists of bodies go by name: the Catalan one, or what they have.
create index nodes_organizations on nodes
  ((coalesce(nullif(title_ca, ''), nullif(title_es collate ca, ''), title_en collate ca)), id)
  where kind in ('municipality', 'association', 'public_service', 'institution');

create table organization_identifiers (
  scheme       text not null constraint organization_identifiers_scheme check (scheme in
                 ('CATALAN_REGISTER', 'MUNICIPAL_REGISTER', 'TAX_ID')), -- INE codes are in territories
  value        text not null check (value <> ''), -- a municipal register's begins with the town's INE code
  organization uuid not null references nodes on delete cascade,
  constraint organization_identifiers_once primary key (scheme, value)
);
create index organization_identifiers_of on organization_identifiers (organization, scheme, value);

create table organization_links (
  id           uuid primary key,
  organization uuid not null references nodes on delete cascade,
  url          text not null constraint organization_links_url check (url ~* '^https?://'),
  label        jsonb not null default '{}',
  position     integer not null default 0,
  checked_at   timestamptz,
  status       integer, -- HTTP status of the last check, 0 when nothing answered
  constraint organization_links_once unique (organization, url),
  constraint organization_links_checked check ((checked_at is null) = (status is null))
);
create index organization_links_to_check on organization_links (checked_at nulls first);

-- Somebody says "this association is ours"; an officer of its town decides.
create table organization_claims (
  id           uuid primary key,
  organization uuid not null references nodes on delete cascade,
  person       uuid not null references nodes on delete cascade,
  at           timestamptz not null default clock_timestamp(),
  decided_at   timestamptz,
  decided_by   uuid references nodes,
  accepted     boolean,
  constraint organization_claims_decided check ((decided_at is null) = (accepted is null))
);
create unique index organization_claims_open on organization_claims (organization, person) where decided_at is null;
