create or replace function may_see_name(whose uuid) returns boolean
  language plpgsql stable security definer cost 1000 as $$
declare
  viewer    uuid := public.viewer_person();
  my_bodies uuid[];
begin
  if viewer is null then
    return false;
  end if;
  my_bodies := public.viewer_uuids('teixit.administers');
  -- A delegate: to themselves.
  if exists (select from public.delegate_secrets s where s.delegate = whose and s.person = viewer) then
    return true;
  end if;
  -- A person of a body the viewer is at home in.
  if exists (select from public.nodes n where n.id = whose and n.home = any(public.viewer_uuids('teixit.home'))) then
    return true;
  end if;
  -- A person who is a delegate: to who sees the delegate.
  if exists (
    select from public.delegate_secrets s join public.registrations r on r.id = s.registration
    join public.nodes n on n.id = s.event
    where s.person = whose and (r.registered_by = viewer or r.organisation = any(my_bodies)
      or s.event = any(public.viewer_uuids('teixit.check_in')) or n.id = any(public.viewer_uuids('teixit.organises'))
      or n.home = any(my_bodies))) then
    return true;
  end if;
  -- Who claims an association: to the officers of its town.
  return exists (
    select from public.organization_claims c
    join public.edges e on e.source = c.organization and e.kind = 'acts_in'
    join public.territories t on t.node = e.target
    where c.person = whose and c.decided_at is null and coalesce(t.municipality, t.node) = any(my_bodies));
end $$;

drop function shown_person(uuid);
