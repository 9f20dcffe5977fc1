drop table registration_delegates;
drop table registrations;
drop table seat_pools;
