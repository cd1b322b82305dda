### What the pages of the back office say, in English. Plain words for tired people: no jargon, no blame.

## The frame
tab-register = Register
tab-reports = Reports

## Lists: narrowed, and gone on in
filter = Which of them
filter-show = Show these
filter-all = Show all
filter-any = any
filter-none = Nothing fits that. Show all, or ask for less.
pager = Further pages
pager-before = The ones before
pager-after = The next ones
pager-shown = { $first } to { $last } of { $n }
todo-found =
    { $n ->
        [one] 1 thing.
       *[other] { $n } things.
    }
team-named = Team: { $team }
due-when-overdue = overdue
due-when-soon = within 7 days
sync-trouble-alarm = an alarm stands
sync-trouble-not-sealed = changes that are not sealed yet
sync-trouble-not-sent = work that the server has not taken
sync-trouble-refused = work that the server refused
sync-trouble-waiting = what came and waits for something
sync-trouble-set-aside = what came and was set aside
sync-trouble-unfinished-erasures = erased records to be finished, under “Keeping and erasing”
error-moment = A day and time, such as 2026-03-09T14:05.
error-later = That is later than now.
error-past = That day is over already.
error-about-none = Nothing on this device fits that. Try the UPRN, or fewer words.
not-said = not said
field = Field

## One dispute
said-at-visit = At
dispute-open = See it whole, or write another value
dispute-text = Each column is the record as its author left it. ≠ marks what differs from the record as it is now.
dispute-returned = The visitor has been asked. It stays open until somebody settles it.
dispute-settled = This is settled. What was decided can be undone below.
dispute-side-by-side = Side by side
dispute-side-by-side-text = As each author left it; and, last, as it is now with everybody’s work together.
merged-view = As it is now
dispute-keep = Keep
dispute-settle = Settle it another way
dispute-edit = Record this value
dispute-return = Give it back to the visitor
dispute-return-now = Give it back
dispute-return-hint = The visitor reads it: say what to look at again.
other-value-hint = Having seen all of them.
decision-note-hint = Why, for whoever looks at this later. May stay empty.
reconcile-edited = { $field }: the new value is recorded. The others stay in the history.
reconcile-returned = { $field }: given back to the visitor. It stays open until it is settled.
decided = What was decided
decision-undo = Undo
decision-undone = undone
decision-kind-chosen = one of the values was kept
decision-kind-edited = another value was recorded
decision-kind-both-kept = all values stand
decision-kind-returned = given back to the visitor
decision-kind-same = They are one
decision-kind-not-same = They are two
decision-kind-undone = undone

## Two that may be one
twins-hazards = hazards
twins-people = people
twins-properties = homes without a UPRN
twins-title-hazards = Are these one hazard?
twins-title-people = Are these one person?
twins-title-properties = Is this home one that has a UPRN?
twins-text = Look at what differs first. Nothing is moved or lost: both stay, with a link between them, and it can be undone.
twins-are-one = They are one: both stay, and lead to each other.
twins-are-two = They are two: this pair is not shown again.
twins-beside = The two beside each other
twins-differ = They differ
twins-one-says = Only one says it
twins-same-said = They say the same
twins-holds = Recorded there
twins-decide = What are they?
twins-same-hazards = They are one hazard
twins-same-people = They are one person
twins-same-properties = They are one home
twins-different = They are two
twins-said-one = They are one now. Both keep their history.
twins-said-two = They are two. This pair is not shown again.
twins-contradicted = Two desks decided differently: look again, and undo one of them.
twins-undone = Undone: nothing is decided about this pair.
twins-linked = May be, or is, the same as

## The clocks of a hazard
clocks-none = No legal clock runs for this hazard.
clock-no-deadline = The day cannot be told yet
clock-stands-on = This stands on
clock-strictest = the strictest reading
clock-missing = Not recorded: { $fact }
clock-law = Awaab’s Law, phase { $phase }
clock-stopped-no-significant-hazard = No significant hazard was found
clock-stopped-no-further-work = No further work is needed
clock-stopped-resolved = The hazard is gone
clock-doubt-tenure-not-known = Whether this is social housing is not recorded: the clock is shown.
clock-doubt-severity-not-known = How bad it is, is not recorded: the clock is shown.
clock-doubt-holidays-not-known = Bank holidays of that time are not known here: only weekends are left out.
clock-doubt-disputed = Somebody says that it is no hazard. The clock runs until that is decided.
end-of-day = the end of { $day }
step-record = Record a step
step-save = Record the step
step-saved = The step is recorded.
step-at-hint = By the clock, such as 2026-03-09T14:05.
step-note-hint = Who said so, or what was done.
step-put-right = It puts an earlier step right
step-corrects-hint = That step does not count any more; it stays to be read.
step-corrects-none = none
step-corrected = put right
steps = What was done
steps-none = No step is recorded.
step-kind-landlord-aware = The landlord became aware
step-kind-investigated = It was investigated
step-kind-safety-work-identified = It was found that safety work is needed
step-kind-summary-given = The tenant was given the written summary
step-kind-made-safe = It was made safe
step-kind-supplementary-started = Further work was started
step-kind-no-significant-hazard = No significant hazard was found
step-kind-no-further-work = No further work is needed
step-kind-access-refused = Nobody let us in
step-kind-accommodation-offered = Another place to stay was offered

## The disclosure register
register = Disclosure register
register-text = Who asked for what, and what became of it. Every refusal stands here with its reason.
register-open = Open the register
register-ask = Write down a request to disclose
register-request = Write down what a resident asks for
register-about = About
register-about-hint = A UPRN, an address or a name. May stay empty.
register-entry = A request to disclose
register-save = Write it down
register-written = Written down. It waits for a decision.
register-decide = Decide
register-decide-now = Record the decision
register-decided = The decision is recorded.
register-stands = What was decided stays as it is. If something changes, write down a further request.
register-why-hint = A refusal needs its reason.
disclosures = Requests to disclose
disclosures-none = Nobody has asked for anything yet.
refused-because = because: { $why }
recorded-by = Recorded by
asked-hint = Which facts, in their words.
asked-at-hint = Leave it empty for now.
purpose-hint = What they say it is for.
authority-hint = The law, order or agreement they name.
identified-how-hint = For instance: called back at the number of the court office.
decided-by-hint = Name and role.
given-hint = Which facts, in which form.
on-behalf-hint = By what right, where they ask for somebody else.
request-person-hint = Their name, where this device knows them.
due-hint = The day by which it must be answered.
request-answer-hint = What was answered. A refusal is an answer, too.
error-refusal = A refusal has a reason: say why, so that it can be answered for.
error-given = List what is given.
error-identified = Say how whoever asked was identified before anything is given.
error-answer = Say what was answered.
disclosure-decision-pending = waits for a decision
disclosure-decision-given = given
disclosure-decision-partly-given = partly given
disclosure-decision-refused = refused
disclosure-decision-withdrawn = taken back
identity-check-papers-seen = papers were seen
identity-check-known-contact = known, or called back at a known number
identity-check-official-address = official address or secure mail
identity-check-proxy = a proxy whose evidence was seen
identity-check-court-order = court order or warrant
identity-check-not-done = not done
request-kind-access = To see what is held about them
request-kind-rectification = To put something right
request-kind-erasure = To erase something
request-kind-restriction = To restrict how something is used
request-kind-objection = That something is not done
request-kind-who-read = To know who read their record
request-kind-complaint = A complaint
request-state-open = nobody has it yet
request-state-in-progress = somebody works on it
request-state-waiting = waits for whoever asked
request-state-answered = answered
request-state-refused = refused
request-state-withdrawn = taken back
requests-open =
    { $n ->
        [one] 1 resident waits for an answer
       *[other] { $n } residents wait for an answer
    }
requests-none = No resident waits for an answer.
requests-closed =
    { $n ->
        [one] 1 that was answered
       *[other] { $n } that were answered
    }
request-written = Written down, with the day it is due.
request-came = It came
request-answered = Answered
request-go-on = How far is it?
request-moved-on = Written down.
collection-disclosures = Request to disclose
collection-requests = Request of a resident
collection-evacuation = Evacuation plan

## Reports
reports = Reports
reports-text = What leaves this device. Nothing sealed or protected, no NHS number, and no address of somebody whose address is protected is in any of them.
reports-all = About everything
report-show = Show it
report-of-it = Report
report-property = A home, whole
report-text-property = All that is recorded of a home and of who lives there, value by value.
report-resident = What is held about a resident
report-text-resident = For the resident: what is held, where it is from, who opened what is sealed and why, to whom it was disclosed.
report-reg10 = Regulation 10 sheet
report-text-reg10 = For the fire authority: the four facts of everybody in a building who agreed to it, and nothing else.
report-visit = What a visit found
report-visit-text = The report of a visit is on the page of the visit.
report-exposure = What a device could read
report-exposure-text = Which records, since when, until when.
report-access = Who holds which records
report-text-access = Every team and device, with what for and until when.
report-audit = Who opened what is sealed
report-text-audit = Every audit record that holds; at an auditor’s desk.
report-clocks = Legal clocks
report-text-clocks = Every deadline of every hazard, with the fact it begins with.
report-disclosures = Disclosure register
report-text-disclosures = Every request and what became of it.
report-homes-by-hazard = Homes by hazard
report-text-homes-by-hazard = Counts only; small numbers are left out.
report-visits-by-kind = Visits by kind
report-text-visits-by-kind = Counts only; small numbers are left out.
report-visits-by-state = Visits by how far they are
report-text-visits-by-state = Counts only; small numbers are left out.
report-part-held = What is held
report-part-reads = Who opened what is sealed
report-part-disclosures = To whom it was disclosed
report-made = Made { $at }
report-rows =
    { $n ->
        [one] 1 row
       *[other] { $n } rows
    }
report-csv = Save as CSV
report-json = Save as JSON Lines
report-empty = Nothing stands in it.
report-more =
    { $n ->
        [one] and 1 more
       *[other] and { $n } more; a file has all of them
    }
report-total = all together
report-handing = Handing this to somebody else is a disclosure.
reads-left-out-auditors = Who opened what is sealed is not in it: only an auditor’s desk can add it.
reads-left-out-locked = Who opened what is sealed is not in it: unlock this auditor’s desk, and make it again.
reg10-without-consent =
    { $n ->
        [one] 1 person has a plan and has not agreed that it is told: not in the sheet.
       *[other] { $n } people have a plan and have not agreed that it is told: not in the sheet.
    }
reg10-review-overdue =
    { $n ->
        [one] 1 plan is past its review.
       *[other] { $n } plans are past their review.
    }
read-how-glass-broken = broke the glass
read-how-behind-glass = saw what is behind the glass
read-how-with-purpose = read it for a purpose of their team
audit-event-start = its chain began
audit-event-heartbeat = sign of life
audit-event-unlocked = unlocked
audit-event-wrong-pins = wrong PINs
audit-event-glass-broken = glass broken
audit-event-sealed-read = sealed detail shown
audit-event-glass-closed = glass closed
audit-event-read-with-purpose = read for a purpose
audit-event-reviewed = reviewed
assistance-none = none
assistance-warning = a warning, or somebody to wake them
assistance-one-person = one person
assistance-several-or-equipment = several people, or equipment
column-assistance = Help to get out
column-asked = Asked for
column-asked_at = Asked
column-asked_by = Asked by
column-at = When
column-authority = By what law
column-begins_with = Begins with
column-behind_glass = Behind the glass only
column-class = Kind of record
column-code = Hazard
column-collection = What
column-count = How many
column-decided_at = Decided
column-decided_by = Decided by
column-decision = Decision
column-device = Device
column-disputed = Disputed
column-documents = Documents
column-doubts = Not certain
column-due = By
column-event = What happened
column-expires = Until
column-field = Field
column-flat_number = Flat
column-floor_number = Floor
column-frozen_since = Frozen since
column-given = Given
column-group = Group
column-how = How
column-identified = Identified
column-identified_how = How exactly
column-last_work_came = Last work came
column-last_wrote = Last wrote
column-met = Met
column-of = Count
column-organisation = Organisation
column-outcome = Review
column-phase = Law
column-purpose = Purpose
column-purposes = Purposes
column-reason = Reason
column-refusals = Access refused
column-revoked_since = Ended since
column-rights = May
column-rule = Deadline
column-since = Since
column-source = How known
column-started = Began
column-state = How it stands
column-statement_exists = Statement exists
column-team = Team
column-title = Address or name
column-until = Until
column-value = Value
column-who = Who
column-why = Why
column-workers = Workers
column-wrote = Wrote there
column-zone = Zone

## Areas, streets, buildings
places = Areas
title-street = A street
places-browse = Go by street
places-none = No home is on this device yet.
places-area = homes: { $homes }, streets: { $streets }
street-none = No street recorded
street-of = the street it is in
homes-alone = Other homes
building-open = The building
building-homes = Show its homes

## Teams and what they are let into
team-new = Make a team
team-new-text = This desk is in it, so that it can hand its key on. What it may read is said after that.
team-make = Make the team
team-made = { $team } is made. Let it into what it needs.
team-add = Add it to the team
team-remove = Take out
team-move = Move a device to another team
team-move-now = Move it
team-joined = { $device } is in the team now, and can read what it holds.
team-left = { $device } has left; new keys for teams: { $teams }, for zones: { $zones }. What it wrote before counts.
tier-hint = Sealed detail, NHS numbers and safeguarding open only with a worker’s PIN.
error-name-taken = There is one of that name already.
grants = What it is let into
grants-none = It is let into nothing.
grant-give = Let it into a zone
grant-give-now = Let it in
grant-text = Only the organisation that owns a zone lets others in. A team that is let in gets what was written before, too.
grant-until = until { $at }
grant-until-hint = The last day. May stay empty.
grant-power-hint = The law by which the data may be shared.
grant-given = The team is let in.
grant-end = End it
grant-ended = The grant has ended; new keys for zones: { $zones }.
grant-purpose-prevention = prevention in the home
grant-purpose-housing-condition = housing condition and repair
grant-purpose-emergency = response to an incident
grant-purpose-audit = looking at who read what
legal-power-care-act = Care Act 2014
legal-power-fire-services-act = Fire and Rescue Services Act 2004
legal-power-housing-act = Housing Act 2004

## Workers on a device
seats = Workers on this device
seats-none = Nobody has a seat on it.
seat-again = May try the PIN again
seat-again-done = { $worker } may try the PIN again, once the device has synced.
seat-again-text = After ten wrong PINs a worker who knows the PIN may try again. A forgotten PIN needs a new seat.
seat-end = End the seat
seat-ended = The seat of { $worker } has ended. What they recorded stays.
seat-accept = Seat a further worker
seat-accept-text = On the tablet a colleague unlocks it and adds a PIN. It then shows a request: copy it here.
seat-accept-now = Seat the worker
seat-accepted = { $worker } has a seat there, once the device has synced.
seat-request-hint = The whole text, from the first letter to the last.
worker-name-hint = As people say it. A worker who is known by it is the same one.
worker-new = This is another person of the same name
error-request = That is not a whole request. Copy it from the first letter to the last.

## Bringing in a device
enrol = Bring in a device
enrol-step-invite = Make an invitation here.
enrol-step-device = On the new device, take it: by photograph or as text. It answers with a request.
enrol-step-accept = Accept the request here. The device syncs, and is ready.
invite-new = Make an invitation
invite-make = Make it
invite-for-hint = A volunteer’s device has a last day, and never holds sealed detail.
way-in-person = the person is here
way-remote = from afar
for-staff = a member of staff
for-volunteer = a volunteer
invitations = Invitations
invitations-none = There is no invitation.
invite-waits = waits
invite-used = used
invite-expired = its time is over
invite-void = void: requests did not know the words
invite-until = until { $at }
invite-cancel = Cancel it
invite-cancelled = The invitation is cancelled.
invitation = An invitation for one device
invitation-text = It holds until { $at }. This page shows it once.
invitation-code = The code to photograph
invitation-as-text = The same as text
invitation-words = Six words to read out over the telephone
invitation-words-text = They are shown once. Ring the worker, be sure of the voice, and never send them with the text.
enrol-accept = Accept a request
enrol-accept-text = Once the new device shows its request.
enrol-accept-now = Bring it in
enrol-request-hint = The whole text, from the first letter to the last.
new-device-hint = As people will read it.
in-teams-hint = None chosen: the field team of its organisation.
until-day-hint = For volunteers and temporary staff.
error-volunteer-day = A volunteer’s device has a last day.
error-volunteer-team = One of these opens sealed detail, and a volunteer is never in such a team.
error-team-needed = This organisation has no field team: choose a team.
enrolled = { $device } is a member. It is ready once it has synced.
enrolled-before = { $device } was brought in before: its name is set now, its teams are those of then.

## What is kept, and what goes
keeping = Keeping and erasing
keeping-text = Nothing is erased by itself.
keeping-about-hint = A UPRN, an address or a name.
legal-holds =
    { $n ->
        [one] 1 legal hold
       *[other] { $n } legal holds
    }
hold = Legal hold
hold-add = Put on hold
hold-added = The record is on hold: it cannot be erased.
hold-end = End the hold
hold-ended = The hold has ended.
hold-reference-hint = A reference without detail: every device reads it.
erase-propose = Propose to erase
erase-text = Two admins erase, at two desks. It goes from the server, from every device and from every list, and cannot be brought back.
erase-propose-now = Propose it
erase-sign = Sign a proposal
erase-sign-text = Of another admin. Then it is done.
erase-sign-now = Erase it
erase-reason-request = they asked for it, and may
erase-reason-retention = kept as long as it may be
erase-reason-mistake = never to have been recorded
erase-reason-legal-order = ordered by a court or regulator
error-no-document = This record has nothing of that kind on this device.
error-proposal = That is not a whole proposal. Copy it from the first letter to the last.
proposal-made = The proposal
proposal-text = Hand this text to another admin, to be signed before anything else changes in the partnership’s log. Sealed pieces that go: { $pieces }; firebox facts and flags that go with them: { $facts }.
proposal-hint = The whole text, as the other admin handed it over.
erase-unfinished =
    { $n ->
        [one] 1 erasure to finish
       *[other] { $n } erasures to finish
    }
erase-unfinished-text = A device that had not heard of the erasure sent more of the record. Nobody can read it, but the server keeps it until two admins erase it again.
erase-unfinished-line = { $pieces } more, the first { $moment }
erase-finish = Propose to finish it
erased = It is erased, at every device that hears of it. Firebox facts and flags withdrawn: { $n }.
retention = Kept as long as the rules say
retention-text = Since the last visit. Each organisation has its own schedule; these years begin a conversation.
retention-none = Nothing is due.
holds-what = What
last-visit = Last visit
kept-for = Kept for
years =
    { $n ->
        [one] 1 year
       *[other] { $n } years
    }

## Fields
field-filter_text = Words
field-filter_area = Area
field-filter_who = Worker or team
field-filter_due = Due
field-filter_state = How it stands
field-filter_rule = Deadline
field-filter_kind = Kind
field-filter_class = What
field-other_value = Another value
field-decision_note = Note
field-returned_visit = To whom
field-step_kind = What happened
field-step_at = When
field-step_note = Note
field-step_corrects = Which step
field-asked = What they ask for
field-asked_at = When they asked
field-asked_by = Who asks
field-authority = By what law or agreement
field-decided_at = Decided
field-due = To be answered by
field-given = What is given
field-handled_by = Who has it
field-request_answer = Answer
field-identified = How they were identified
field-identified_how = How exactly
field-not_told_why = Why the person was not told
field-on_behalf = For somebody else
field-register_about = About whom or what
field-request_kind = What they ask
field-request_person = About whom
field-request_state = How far it is
field-request_text = In their words
field-report_home = Which home
field-report_building = Which building or home
field-report_person = Which person
field-grant_zone = Zone
field-grant_rights = May
field-grant_purposes = What for
field-grant_power = Legal power
field-grant_until = Last day
field-joins = A device to add
field-moves = Device
field-moves_to = To which team
field-team_name = Name of the team
field-team_tier = Opens with
field-of_organisation = Organisation
field-seat_request = The request
field-worker_name = Name of the worker
field-worker_new = Somebody else?
field-invite_way = How it goes
field-invite_for = Whom it is for
field-enrol_request = The request
field-new_device = Name of the device
field-in_teams = Teams
field-until_day = Last day
field-hold_about = Which record
field-hold_reference = Held for
field-erase_about = Which record
field-erase_class = Which part of it
field-erase_reason = Why
field-proposal = The proposal

## Who works with whom, and what was agreed
allocations = Who works with whom
allocations-text = While an allocation holds, the worker or team has a legitimate relationship with the person.
allocations-none = Nobody is recorded as working with anybody yet.
allocation-new = Record who works with a person
allocation-written = Written down.
allocation-whose = Who
allocation-end = End this allocation
allocation-ended = The allocation has ended. It stays in the register.
allocation-worker-hint = A worker, a team, or both.
allocation-from-hint = Leave it empty for today.
good-until-hint = After this day a device that has not synced asks again. May stay empty.
error-worker-or-team = Choose a worker or a team.
since-day = since { $day }
person-not-here = a person who is not on this device
relationship-holds = holds
relationship-stale = too old: sync first
relationship-not-yet = not begun yet
relationship-ended = ended
relationship-person-died = the person has died
allocation-end-done = The work is done
allocation-end-handed-over = Somebody else took over
allocation-end-person-died = The person died
allocation-end-moved-away = The person moved away
allocation-end-mistaken = It was a mistake
agreements = Sharing agreements
agreements-text = What grants stand on: who shares with whom, by what legal power, on what lawful basis.
agreements-none = No agreement is written down yet.
agreement-new = Write down an agreement
agreement-written = Written down. A grant can name it now.
agreement-over = does not hold
agreement-digest = How a grant names it
agreement-grants = Grants that stand on it
agreement-grants-none = No grant names it.
agreement-end = End this agreement
agreement-end-text = Grants that stand on it go on until you end each of them: that makes new keys.
agreement-ended = The agreement has ended. End the grants that stand on it.
parties-hint = The organisations that are bound by it.
legal-power-hint = Why you may share, such as the Care Act 2014, section 6.
lawful-basis-hint = Why you may hold, such as public task.
signed-by-hint = Name and role, for each organisation.
error-before-begin = Not before the day it begins.
grant-agreement = by { $name }
grant-agreement-none = No agreement
field-allocation_person = The person
field-allocation_worker = Worker
field-allocation_team = Team
field-allocation_role = In what role
field-allocation_purpose = What for
field-allocation_from = Since
field-good_until = Good without a sync until
field-allocation_why = Why it ends
field-last_day = Last day
field-agreement_name = Name of the agreement
field-agreement_reference = Reference
field-parties = Parties
field-agreement_purpose = What it is for
field-legal_power = Legal power
field-lawful_basis = Lawful basis
field-signed_by = Signed by
field-agreed_from = From
field-agreed_until = Until
field-agreement_review = Look at it again on
field-grant_agreement = By which agreement
