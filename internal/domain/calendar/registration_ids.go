package calendar

// GlobalID is the registration's public identifier.
func (r *Registration) GlobalID() string { return RegistrationType.GlobalPart(r.Event, r.ID) }

// GlobalID is the delegate's public identifier.
func (d *Delegate) GlobalID() string { return DelegateType.GlobalPart(d.Event, d.ID) }

// GlobalID is the pool's public identifier.
func (p *SeatPool) GlobalID() string { return SeatPoolType.GlobalPart(p.Event, p.ID) }
