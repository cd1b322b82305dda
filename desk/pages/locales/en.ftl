### What the pages say, in English. Plain words for tired people: no jargon, no blame.

## The frame
name = Doorstep
skip = Skip to the page
nav = Pages
tab-home = Today
tab-search = Find
tab-visits = Visits
tab-reconcile = Reconcile
tab-late = Late work
tab-devices = Devices
tab-audit = Audit
tab-health = Sync
title-error = Please check: { $title }
title-home = A home
title-person = A person
language = Language
language-english = English
language-welsh = Cymraeg
light = Light
light-auto = Auto
light-day = Day
light-night = Night
leave = Close these pages
left = Closed
left-text = These pages are closed and the device is locked. A new link opens them again.
to-home = To the first page
choose = Choose
cancel = Cancel
save = Save
yes = yes
no = no
not-known = not known
not-yet = not yet
never = never
still = still

## Moments and ages
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
moment-today = today { $clock }
moment-yesterday = yesterday { $clock }
moment-day = { $day }, { $clock }
age-now = just now
age-minutes =
    { $n ->
        [one] { $n } minute ago
       *[other] { $n } minutes ago
    }
age-hours =
    { $n ->
        [one] { $n } hour ago
       *[other] { $n } hours ago
    }
age-days =
    { $n ->
        [one] { $n } day ago
       *[other] { $n } days ago
    }
age-months =
    { $n ->
        [one] { $n } month ago
       *[other] { $n } months ago
    }
age-years =
    { $n ->
        [one] { $n } year ago
       *[other] { $n } years ago
    }

## How sync stands
status-no-network =
    { $n ->
        [one] Works on this device only; 1 record not sent
       *[other] Works on this device only; { $n } records not sent
    }
contact-none = not since it was opened
status-good = Everything is sent; last contact { $contact }
status-syncing = Sending and receiving …
status-stopped = Sync has stopped: ask an admin. What is recorded here is kept
status-offline = No signal; everything works. Last contact { $contact }
status-offline-unsent =
    { $n ->
        [one] No signal; 1 record not yet sent, last contact { $contact }
       *[other] No signal; { $n } records not yet sent, last contact { $contact }
    }
status-unsent =
    { $n ->
        [one] 1 record not yet sent, last contact { $contact }
       *[other] { $n } records not yet sent, last contact { $contact }
    }
signal-cut = Cut the signal
signal-on = Bring the signal back
signal-is-cut = The signal is cut. Everything on this page works as before.
signal-is-on = The signal is back.

## At the door
welcome = Welcome
door-locked = These pages are closed
door-locked-text = They open with the link that the program shows when it starts. Start it again, or ask it for a new link.
door-used = This link was used already
door-used-text = Each link works once, for an hour. Ask the program for a new one.
door-elsewhere = This request came from another page
door-elsewhere-text = Nothing was shown and nothing was changed. Open these pages by their own link.
stale = This page is out of date
stale-text = What it showed has changed since. Nothing was saved. Open it again and look once more.
too-large = That is too much at once
too-large-text = A form holds 256 KB at most. Nothing was saved. Go back, shorten it and send it again.
form-broken = The form did not come through
form-broken-text = It was cut short on its way. Nothing was saved. Go back and send it again.
not-found = Not found
not-found-text = There is no such page.
not-found-here = There is no such thing on this device. It may not have come yet: sync, and try again.
refused = That was not done
bug = Something went wrong
bug-text = This is a fault of the program, not of yours. What was recorded before is kept. Please report it.
storage-text = This device cannot read or write its records just now. What was recorded before is kept. Check that its disk has room, then open the program again.
ended = This device was ended
ended-text = Its partnership has ended it. It has handed over what was not sent and wiped its keys and records. There is nothing more to do here.

## What is wrong in a form
wrong-fields =
    { $n ->
        [one] One thing to put right
       *[other] { $n } things to put right
    }
error-fill = Fill this in.
error-fill-one = Fill in at least one of these.
error-choose = Choose one of these.
error-too-long = At most { $max } characters; this has { $n }. Shorten it.
error-too-short = At least { $min } characters: say a little more.
error-number = A whole number from { $min } to { $max }.
error-date = A day as year-month-day, such as 2026-03-09.
error-postcode = A postcode such as N17 9LJ, or leave it empty.
error-uprn = A UPRN of 1 to 12 digits, or leave it empty.
error-address = Say where it is: an address, a postcode or a UPRN.
error-pin-again = The two PINs are not the same.
error-device-name = Write the name of the device as it stands above: { $device }.

## What the device says no to
no-ambiguous =
    { $n ->
        [one] One thing fits: say which.
       *[other] { $n } things fit that: say which.
    }
no-field = Not saved: { $limit }; { $remedy }.
no-not-among = That value is no longer among those shown. Look again.
no-too-much = That is more than one record holds. Split the work.
no-edit = The record has changed meanwhile. Nothing was saved: open it again.
no-carrier = That file is not a carrier file, or is damaged.
no-photo-kind = JPEG, PNG and WebP files are taken, and this is none of them. Save it as JPEG.
no-photo-too-long = A photograph has at most { $limit } MB. Save it smaller, or take it again at a lower resolution.
no-photo-too-large = A photograph has at most { $limit } pixels on a side, and 60 million together. Save it smaller.
no-photo-unreadable = The file does not read as a picture. Open it elsewhere and save it again, or take another.
no-photo-too-many = A home has at most { $limit } photographs. Record what else there is in words.
no-in-use = Another program has this device open. Close it first.
no-pin-wrong =
    { $n ->
        [one] That PIN is not right; 1 more try before this device asks for a desk.
       *[other] That PIN is not right; { $n } more tries before this device asks for a desk.
    }
no-pin-wait =
    { $n ->
        [one] Wait 1 more second, then try the PIN again.
       *[other] Wait { $n } more seconds, then try the PIN again.
    }
no-pin-locked-out = The PIN was wrong too often. Ask a desk to seat you again. Nothing is lost, and everything that needs no PIN goes on working.
no-pin-none = No PIN is set on this device. Choose one first, under Sync.
no-pin-whose = Several workers have a PIN here. Say whose it is, under Sync, Unlock.
no-pin-desk = This is a desk: its passphrase opens it. There is no PIN.
no-pin-second-key = This device has no key that a PIN could open. An admin has to bring it in again.
no-pin-weak = Choose a PIN of 4 to 12 digits that is not easily guessed.
no-locked = This opens with your PIN: unlock the device first. The firebox needs no PIN.
no-lease = This device has been without the server for too long, or its clock was put back. Connect it. The firebox goes on working.
no-entitled = No grant lets this device read that here. Ask an admin.
no-audit = What is sealed is shown only where its being read can be recorded, and here it cannot. Tell an admin. The firebox goes on working.
no-audit-stuck =
    { $n ->
        [one] The server has not taken this device’s record of who read what for 1 day. Sync; if that does not help, tell an admin.
       *[other] The server has not taken this device’s record of who read what for { $n } days. Sync; if that does not help, tell an admin.
    }
no-sealed = This device holds nothing sealed about this home.
no-glass-entitled = No grant lets this device break the glass here. Ask the control room.
no-glass-text = Say why in 5 to 500 characters: it is what the review reads.
no-glass-incident = The number of an incident has at most 80 characters.
no-glass-whole = The glass of this home is whole: break it first.
no-glass-over = The time behind this glass is over. Break it again if you still need it.
no-plan = That does not fit: { $remedy }.
no-admin = This desk may not do that, or the list of members does not allow it. Ask an admin of the organisation it belongs to.
no-not-in-sync = This desk is not in sync, so nothing was changed. Bring the signal back and try again.
no-server-refuses = The server does not serve this device. Ask an admin.
no-connection = There is no connection to the server just now. Nothing was changed; the same works later.

## Today
hello = Today
hello-name = Hello { $name }
todo = To do
todo-clocks =
    { $n ->
        [one] legal clock to look at
       *[other] legal clocks to look at
    }
todo-none-clocks = No clock runs out
todo-title-clocks = Legal clocks
todo-glass-reviews =
    { $n ->
        [one] broken glass to review
       *[other] broken glasses to review
    }
todo-none-glass-reviews = No broken glass to review
todo-title-glass-reviews = Broken glasses
todo-visits =
    { $n ->
        [one] visit handed in
       *[other] visits handed in
    }
todo-none-visits = Every visit was looked at
todo-title-visits = Visits to look at
todo-conflicts =
    { $n ->
        [one] value that disagrees
       *[other] values that disagree
    }
todo-none-conflicts = Nothing disagrees
todo-title-conflicts = Values that disagree
todo-disclosures =
    { $n ->
        [one] request to disclose
       *[other] requests to disclose
    }
todo-none-disclosures = No request to disclose
todo-title-disclosures = Requests to disclose
todo-duplicates =
    { $n ->
        [one] pair that may be one
       *[other] pairs that may be one
    }
todo-none-duplicates = Nothing is there twice
todo-title-duplicates = What may be there twice
todo-stale-facts =
    { $n ->
        [one] fact past its review
       *[other] facts past their review
    }
todo-none-stale-facts = Every fact is within its review
todo-title-stale-facts = Facts past their review
todo-late-work =
    { $n ->
        [one] piece of late work to decide
       *[other] pieces of late work to decide
    }
todo-none-late-work = No late work
todo-title-late-work = Late work
todo-sync =
    { $n ->
        [one] thing that did not come through
       *[other] things that did not come through
    }
todo-none-sync = Everything came through
todo-title-sync = Sync
todo-overdue =
    { $n ->
        [one] 1 overdue
       *[other] { $n } overdue
    }
todo-more =
    { $n ->
        [one] 1 in all
       *[other] { $n } in all; the first are shown
    }
due-by = by { $day }
visits-recent = Latest visits
figures-homes =
    { $n ->
        [one] { $n } home on this device
       *[other] { $n } homes on this device
    }
figures-people =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }

## Find
search-label = Postcode, street, UPRN or name
search-hint = ZZ1 1LR
search-go = Find
found-nothing = Nothing on this device fits that. Try fewer words, or the postcode.
found-homes =
    { $n ->
        [one] { $n } home
       *[other] { $n } homes
    }
found-people =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }
flags-count =
    { $n ->
        [one] { $n } flag
       *[other] { $n } flags
    }
uprn-number = UPRN { $uprn }
provisional = no UPRN yet
provisional-long = Provisional: its UPRN is not known yet
firebox = Firebox
firebox-of = Firebox of { $address }
born-on = born { $day }
died-on = died { $day }
a-home = A home that is not on this device
home-not-here = a home that is not on this device

## A home
before-the-door = Before the door
flags-none = No flag is known. That does not mean that there is no danger.
flag = Flag
flag-ask-only = ask { $contact }
flag-ask = { $kind }: ask { $contact }
flag-lapsed = { $kind }: lapsed, ask { $contact }
flag-contact-none = the organisation that set it
flag-state-lapsed = lapsed
flag-state-review = review overdue
review-by = review by { $day }
in-building = in the building { $uprn }
delivery-done = the server has all of it
delivery-not-sent = not all of it is sent yet
delivery-refused = the server refused some of it; it is kept here
visit-record = Record a visit
whole-record = Whole record
disputes =
    { $n ->
        [one] Visits disagree on 1 thing.
       *[other] Visits disagree on { $n } things.
    }
disputes-cautious = The more cautious value is shown here until somebody settles it.
disputed = disputed
by-unknown = by whom is not known
value-cleared = (emptied)
value-newer = (of a newer version)
value-hidden = (not shown)
hazards-open =
    { $n ->
        [one] Hazards: 1 open
       *[other] Hazards: { $n } open
    }
hazards-none = No hazard was recorded.
hazard = Hazard
in-the-building = in the building: { $what }
dwelling = Dwelling
clutter = Clutter, 1 to 9
alarms = Alarms
measurements = Measurements
equipment = Equipment
adaptations = Adaptations
alerts = Alerts of other systems
people = People
people-none = Nobody is recorded as living here.
visits = Visits
visits-none = No visit has been recorded yet.
homes-inside =
    { $n ->
        [one] 1 home in this building
       *[other] { $n } homes in this building
    }
replace-by = replace by { $day }
safe-load = safe load { $kg } kg
service-due = service due { $day }
ended-on = ended { $day }

## A person
needs = What they need
language-of-person = Language
abilities = What they can do
notes = Notes
homes = Homes
contacts = How to reach them
legal-name = legally { $name }
speaks = speaks { $language }
reads = reads { $language }
interpreter = needs an interpreter

## The firebox
line-people-inside = People inside
line-cannot-self-evacuate = Cannot get out alone
line-rescue = Rescue
line-oxygen = Oxygen, cylinders
line-routes = Clutter, ways out
line-violence = Violence, dog
line-alarms = Alarms
line-telecare = Telecare
line-sprinkler = Sprinkler
line-e-bikes = E-bikes, batteries
line-ignition = Ignition, fuel
line-asbestos = Asbestos
line-access = Access, key safe
line-contact = Contact
age-unknown = age not known
said-main-exit = Main way out: { $level }
said-exit = way out: { $level }
said-leaves = Leaving: { $level }
said-stairs = Stairs: { $level }
said-walks = Walking: { $level }
said-rating = rating { $rating } of 9
said-people =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }
said-floor = floor { $floor }
said-missing = { $what }
said-exists-code-is-sealed = Key safe; its code is sealed
said-home-oxygen = Home oxygen
said-gas-cylinders = Gas cylinders
said-ammunition-or-chemicals = Ammunition or chemicals
said-dog = Dangerous dog
said-way-out-blocked = Way out blocked
said-seen-not-rated = Seen, not rated
said-charging = Charging in the home
said-somebody-cannot-escape-unaided = Somebody cannot escape unaided
said-somebody-may-not-hear-an-alarm = Somebody may not hear an alarm
said-suspected = Suspected
said-may-not-notice-an-alarm = May not notice an alarm
said-needs-to-be-led-out = Needs to be led out
said-cannot-transfer = Cannot transfer
said-depends-on-powered-equipment = Depends on powered equipment

## Breaking the glass
glass-break = Break the glass
glass-break-now = Break the glass and show
glass-what-happens = What is sealed about this home is shown for 30 minutes. That you opened it, when and why is recorded first, on this device, and somebody will review it. It works without signal.
why-hint = A few words that the review will read.
incident-hint = If there is one.
glass-behind = Behind the glass
glass-open-until = The glass is open until { $clock }:
glass-close = Close it now
glass-closed = The glass is closed.
sealed-violence = Violence
sealed-entries = Way in
sealed-pointers = Who knows more
sealed-nothing = Nothing is sealed about this home on this device. That does not mean that there is nothing.
sealed-left-out =
    { $n ->
        [one] 1 part could not be read here: there may be more.
       *[other] { $n } parts could not be read here: there may be more.
    }
sealed-precaution = before going in: { $text }
sealed-code = code { $code }
sealed-key-holder = key with { $who }
sealed-checked = checked { $day }

## Visits
visit = Visit
visit-find-home = Find a home to visit
visit-elsewhere = A home that is not listed
visit-elsewhere-text = Record the visit all the same. A desk matches it to its UPRN later.
line-hint = As the resident says it.
postcode-hint = Such as N17 9LJ.
uprn-hint = 1 to 12 digits, if you know it.
visit-begin = Begin
visit-begun = The visit has begun. Everything you add is saved on this device at once.
add-hazard = Add a hazard
add-hazard-hint = Three taps: which, which room, how bad.
all-hazards = All hazards
add-more = Add something else
add-alarm = Alarm
add-clutter = Clutter rating
add-dwelling = Way out and access
add-measurement = Measurement
add-equipment = Equipment
recorded-here = Recorded on this visit
recorded-nothing = Nothing yet.
room-another = Another room
note-add = Add a note
severity-save = How bad is it? This saves it.
saved-what = Saved: { $what }
date-hint = Year-month-day, such as 2036-03-09.
rating-hint = 1 is clear, 9 is filled. Compare with the official pictures.
access-hint = How to get in. Never a code: codes are sealed.
feature-hint = Such as front door, toilet seat, step.
quantity-hint = Such as clear width, height.
finish = Finish the visit
finish-now = Hand in
note-keep = Keep and go on
note-kept = What you wrote is kept on this device.
visit-handed-in = The visit is handed in. It goes to the desk as soon as there is signal.
how-it-went = How it went
visit-met = met { $who }
visit-next = next: { $text }

## Photographs
photographs =
    { $n ->
        [one] { $n } photograph
       *[other] { $n } photographs
    }
photographs-none = No photograph yet.
photographs-all = All photographs
photograph = Photograph
photograph-of = Photograph: { $what }
photograph-add = Add a photograph
photograph-save = Save the photograph
photograph-kept = The photograph is kept on this device, without the place that its file names. It goes up after everything else.
photograph-taken = taken { $at }
photograph-sent = sent
photograph-unsent =
    { $n ->
        [one] not sent yet, 1 part left
       *[other] not sent yet, { $n } parts left
    }
photograph-not-here = not here yet
photograph-whole-not-here = Only the small one is on this device. The whole picture comes when you ask for it.
photograph-want = Get the whole picture
photograph-wanted = Asked for: it comes as soon as there is signal. Open this page again then.
photo-hint = JPEG, PNG or WebP, at most 40 MB. Its place and time are left out.
photo-note-hint = What it shows, if that needs words.
error-photo = Take a photograph, or choose one.
saved-with-photograph = Saved with its photograph: { $what }

## What others found
people-here = People here
others-found = What others found here
others-nothing = Nobody has recorded anything here before.
look-again = Look again
stands-at = from { $address }
scope-hint = What is in the common parts is shown on every home of the building.
visits-today = Today’s visits
visits-today-none = No visit today, and none unfinished.
hazard-now-open = It is still there
hazard-now-action-agreed = Work is agreed
hazard-now-made-safe = It is made safe for now
hazard-now-resolved = It is gone
hazard-now-disputed = I see none here

## The form of a visit
form = Form
form-open = Fill in the form
form-answered =
    { $n ->
        [one] { $n } of { $of } questions answered.
       *[other] { $n } of { $of } questions answered.
    }
form-not-known = Each tap is saved at once. What is not answered is not known, never no.
form-needed = Needed before the visit is done.
form-choose = Which form?
form-room = Answer for a room
form-room-more = Another room, or change one
form-take-back = Not known after all
form-about = About { $name }.
form-protected = Somebody whose address is protected is not named at a home. Find them by name and answer there: what they answer names no home and no visit.
person-questions = Answer questions
person-questions-text = Answers are kept with the person. They name no home and no visit.
person-questions-back = Back to the person
form-nobody = Nobody is recorded as living here, so this answer is kept with the visit only.
form-back = Back to the visit
form-unknown = This visit was begun with the form { $form }, version { $version }, which this device does not have. What was answered is kept. Sync, or update this program, to go on.
form-unknown-answers = Other answers
form-unknown-text = They belong to questions that this device does not know. They are kept as they are.
answer-yes = Yes
answer-no = No
error-room = Say which room.
error-person-none = Nobody is known to live here yet. Add the person, then answer.
error-form =
    { $n ->
        [one] 1 question of the form still needs an answer. Answer it, or choose “part of it done”.
       *[other] { $n } questions of the form still need an answer. Answer them, or choose “part of it done”.
    }

## Recording a person
person-add = Add a person
person-added = The person is recorded. Add what you know of them below.
add = Add
change = Change
add-what = Add: { $what }
change-what = Change: { $what }
part-person = Name and date of birth
part-contact = A way to reach them
part-language = Their language
part-need = Something they need
part-ability = What they can do
part-note = A note
part-household = Who lives there
part-member = Somebody else in the home
part-important = Somebody important to them
part-proxy = Somebody who may speak for them
part-professional = A service that knows them
conditions = What they live with, as others named it
household = Household
household-adults =
    { $n ->
        [one] 1 grown-up
       *[other] { $n } grown-ups
    }
household-children =
    { $n ->
        [one] 1 child
       *[other] { $n } children
    }
household-alone = lives alone
household-carer = a carer lives in
members-of-household = Others in the home
important-people = People important to them
role-emergency = in an emergency
role-key = holds a key
role-next-of-kin = next of kin
role-carer = main carer
contact-not-safe = not safe to use
proxies = Who may speak for them
proxy-over = no longer
proxy-about = about { $scope }
proxy-until = until { $day }
known-to = Known to
last-involved = last involved { $day }
error-capacity = Capacity is about one decision: say which.

## What they agreed to
consents-text = A no always leaves whom to ask instead. It can be changed at any time.
consents-history = What was recorded
consent-record = Record an answer
consent-withdraw = Take it back
consent-withdraw-what = Take back: { $what }
consent-withdraw-text = What crews were told because of it is withdrawn at once. It holds against any yes that somebody recorded without knowing of it.
consent-withdrawn = It is taken back.
consent-proxy-hint = Only where a proxy answers for them.
wording-hint = Which wording you read out, and its version. Needed for a yes.
consent-contact-hint = A person or a desk. Needed for a no.
consent-evidence-hint = Where the paper is, or who was there.
withdrawn-by-hint = Your name and role.
error-wording = Say which wording they agreed to.
error-whom-instead = Say whom to ask instead, so that nobody stands before a closed door.
error-proxy = Record who may speak for them first, and choose them.
consents-open = Ask, or change an answer
consents = What they agreed to
consents-none = Nothing was asked yet.
consent-wording = wording { $wording }
consent-until = until { $day }
consent-withdrawn-by = taken back, written down by { $who }

## What opens with a worker
nhs-number = NHS number
nhs-number-text = The NHS number is for health and social care only. That you looked, and why, is recorded before it is shown.
nhs-number-set = Write the number down
nhs-number-trace = Record a trace
nhs-number-traces = Traces
nhs-number-hint = Ten digits, such as 943 476 5919.
protected-notes = Protected notes
protected-text = What stands here protects somebody. That you looked, and why, is recorded before it is shown. Do not leave it on a screen that others see.
protected-note-add = Add a protected note
protected-concern-add = Record a concern
protected-concerns = Concerns
protected-places = Where they are
protected-nothing = Nothing protected is on this device. That does not mean that there is nothing.
protected-saved = It is sealed, and stands nowhere in the open.
protected-move-in = Where they are from now on
protected-move-in-text = It is sealed at once, and crews there are told what they need, of nobody by name.
moved-to-home-hint = A UPRN, or words that fit one address. Leave it empty for a place that is no home here.
moved-to-address-hint = Only for a place that is no home here.
moved-note-hint = Who may be told, and who must not.
error-home-or-address = Name one place: a home that is known here, or another address.
protected-move-out = They have left
protected-move-out-of = They have left: { $what }
protected-move-out-text = Crews are told of them there no more. That they were there stays under protection.
field-moved_to_home = The home
field-moved_to_address = Another address
field-occupancy_kind = What for
field-moved_from = Since
field-moved_note = Note
field-moved_until = Their last day there
concern-holder-hint = Service and role, such as adult safeguarding, duty desk.
look-now = Show it
not-printed = What is protected is not printed.
error-nhs-number = Ten digits, the last of which fits the others. Check it once more.

## Reconcile
reconcile-none = Nothing disagrees. When two visits say different things without having seen each other, both stand here.
reconcile-text = Each column is what somebody recorded without having seen the others. Keep one; the others stay in the history.
said-by = Who
said-when = When
said-on = On
shown-meanwhile = shown to visitors and crews meanwhile
keep-value = Keep “{ $value }”
reconcile-settled = { $field }: settled. The other values stay in the history.
reconcile-settled-already = That was settled meanwhile.
said-source = How known
said-based-on = Before it
based-on-nothing = nothing was known
keep-both = Keep all of them: each was right
reconcile-kept-both = { $field }: all of them stand.
undo-last = Undo the last decision
reconcile-undone = Undone: it is open again.

## Reviews of visits
review-visit = Look at this visit
review-steps = What became of it
visit-note-hint = The visitor reads it. Needed to give the visit back.
review-approve = Approve
review-return = Give back with the note
review-reopen = Open again
review-approved = The visit is approved.
review-returned = The visit was given back to its visitor.
review-reopened = The visit is open again.

## History
timeline = History
timeline-changes =
    { $n ->
        [one] 1 change
       *[other] { $n } changes
    }
timeline-more =
    { $n ->
        [one] and 1 more
       *[other] and { $n } more
    }
timeline-reads = Who opened what is sealed
timeline-auditors = Only auditors know who opened what is sealed.
timeline-nobody = Nobody has opened it, as far as this desk knows.
read-glass-broken = broke the glass
read-behind-glass = saw what is behind the glass
read-with-purpose = read it for a purpose of their team

## Legal clocks
clocks = Legal clocks
clock-rule-emergency-investigate = investigate: emergency
clock-rule-emergency-make-safe = make safe: emergency
clock-rule-investigate = investigate
clock-rule-written-summary = written summary
clock-rule-make-safe = make safe
clock-rule-supplementary-work = start further work
clock-state-overdue = overdue
clock-state-due-soon = due soon
clock-state-fact-missing = a fact is missing
clock-state-running = running
clock-state-met-late = met, late
clock-state-met = met
clock-state-stopped = stopped
alike-reference = same reference
alike-born-and-surname = same birth date and surname
alike-phone = same telephone
alike-email = same email
alike-name = same name
alike-code-and-room = same hazard and room
alike-postcode-and-address = same postcode and address
alike-address = same address

## Late work
late-text = What a device had recorded and not sent when it was ended. It counts once you take it in. Look at when the device was lost, and when this came.
late-not-asked = The server could not be asked what waits there.
late-none = Nothing waits for a decision.
late-inbox = Waiting at the server
late-here = Already here, and not counted
late-here-text = It was written after the device lost its right to write, or by a device that nobody knows.
zone-unknown = a zone that is not known here
late-batches =
    { $n ->
        [one] 1 batch of work
       *[other] { $n } batches of work
    }
late-adopt = Take it in
late-dismiss = Take it away
late-work = work that it had not sent
late-wiped = it has wiped itself, and nothing was left unsent
late-wiped-some = it has wiped itself; some work could not be handed over
late-unreadable = not readable
late-decided-already = That was decided meanwhile.
late-adopted = Taken in: it counts from now on.
late-dismissed = Taken away.

## Devices
devices-count =
    { $n ->
        [one] { $n } device
       *[other] { $n } devices
    }
this-device = this device
device-ended = ended
device-frozen = frozen
keys-owed = Keys are still owed for: { $names }. Somebody who may no longer read has the current ones.
teams = Teams
team = Team
organisation = Organisation
tier = Opens with
tier-ops = the device
tier-restricted = a worker’s PIN
members = Devices
zones = Zones
zone = Zone
holds = Holds
device = Device
rights = May
grant-expires = Until
last-wrote = Last wrote
access-who = Who holds which records
access-text = Every team that holds a zone, with every device in it.
right-read = read
right-write = write
right-glass = break the glass
lost-question = Is this device lost or stolen?
lost-freeze-text = Freeze it at once, at any hour. It is served nothing more, and it can be undone.
freeze = Freeze
unfreeze = Serve it again
lost-end-text = End it when it is sure. Every key that it had is replaced, in one step. This cannot be undone.
lost-end = End this device
lost-after-text = When it next asks the server, it hands over what it had not sent, wipes itself and says so. That work waits under Late work.
lost-title = End { $device }?
reason-lost = Lost or stolen
reason-retired = No longer used
device-name-hint = So that the right one is ended.
frozen-now = { $device } is frozen: the server gives it nothing more.
unfrozen-now = { $device } is served again.
lost-ended = { $device } is ended; new keys for teams: { $teams }, for zones: { $zones }.
lost-ended-alarm = { $device } is ended; new keys for teams: { $teams }, for zones: { $zones }. The server shows less of its work than this desk has seen: tell its operator.
exposure = What it could read
last-work-came = Its last work came here { $at }.
no-work-came = No work of it has come here.
since = Since
until = Until
documents = Documents
how = How
how-glass = behind the glass
how-at-once = at once

## Audit
audit-followed = The record of who read what holds on devices: { $devices }, entries: { $records }.
audit-tasks =
    { $n ->
        [one] 1 broken glass to review
       *[other] { $n } broken glasses to review
    }
audit-tasks-none = Every broken glass was reviewed.
audit-alarms =
    { $n ->
        [one] 1 alarm
       *[other] { $n } alarms
    }
audit-elsewhere = This page belongs to an auditor’s desk.
audit-alarm-gap = records are missing
audit-alarm-fork = two records stand in one place
audit-alarm-no-start = its chain does not begin with its start
audit-alarm-reset = its chain begins anew
audit-alarm-bad-mac = a record was changed, or is somebody else’s
audit-alarm-unreadable = a record cannot be read
audit-alarm-silent = nothing has come for too long
audit-alarm-truncated = its newest records have not come
incident = Incident
times-shown = Times shown
review-hint = What you looked at and found.
review-save = Record the review
review-saved = The review is recorded.

## Sync and health
sync-trouble = The last attempt said:
device-alarm = This device raised an alarm:
restore-unsigned = The server went back to a backup, and no admin has said that it was on purpose.
equivocations =
    { $n ->
        [one] 1 device wrote two different things in one place: was it copied?
       *[other] { $n } devices wrote two different things in one place: were they copied?
    }
sync-now = Sync now
verify-now = Check everything
health-figures = On this device
figure-unsent = Records not yet sent
figure-to-send = Changes to send
figure-refused = Refused by the server, kept here
figure-waiting = Waiting for something that has not come
figure-set-aside = Set aside for a person
figure-conflicts = Documents in which visits disagree
figure-homes = Homes
figure-people = People
figure-documents = Documents
time-over = The time of this device is over { $at }.
watching-yes = The server says at once when something is new.
watching-no = This device asks now and then whether something is new.
synced = In sync. Sent: { $sent }, received: { $received }.
verified = Everything holds. Sealed pieces: { $envelopes }, documents: { $documents }.
verify-faults =
    { $n ->
        [one] 1 thing does not hold: tell an admin.
       *[other] { $n } things do not hold: tell an admin.
    }
tray = Came, and is in no record
tray-text = Nothing is thrown away. It waits, or a person has to look at it.
tray-log-ahead = it names a newer list of members: sync
tray-chain-gap = an earlier one of the same device has not come
tray-no-key = this device has no key for it yet
tray-missing-dependencies = it builds on changes that have not come
tray-newer-version = a newer version of this program reads it: update
tray-unknown-author = its device is not a member
tray-not-entitled = its device may not write there
tray-signature = its signature does not hold
tray-fork = its device wrote two different ones in one place
tray-past-cut = written after its device lost the right to write: an admin’s desk can take it in
tray-other-epoch = sealed under a key of another time
tray-erased = its record was erased
tray-seal = its seal does not open
tray-payload = what is in it cannot be read
tray-seat = its worker is not known, or did not sign it
tray-seat-ended = its worker’s seat had ended when it was sealed
tray-actor = a change in it is by somebody else
tray-changes = its changes do not fit the record
tray-other-partnership = it belongs to another partnership
tray-kept = kept

## The PIN
pin = PIN
pin-text = What is sealed opens with your PIN. The firebox, search and visits need none.
pin-none = No PIN is set on this device.
pin-unlocked = Unlocked. It locks by itself when nobody uses it.
pin-locked = Locked: what is sealed opens with a PIN.
pin-choose = Choose a PIN
pin-save = Save the PIN
pin-set = The PIN is set.
pin-hint = The PIN that you chose on this device.
new-pin-hint = 4 to 12 digits. It stays on this device.
unlock = Unlock
unlocked-now = Unlocked.
lock-now = Lock now
locked-now = Locked.

## Codes of the record
tenure-owner-occupied = owned by who lives there
tenure-council = rented from a council
tenure-housing-association = rented from a housing association
tenure-private-rent = rented privately
tenure-sheltered = sheltered
tenure-temporary = temporary
tenure-leasehold = leasehold
exit-state-clear = clear
exit-state-restricted = restricted
exit-state-blocked = blocked
telecare-none = none
telecare-present = present
telecare-linked-to-detection = linked to smoke detection
presence-present = present
presence-absent = looked for, none
severity-low = low
severity-medium = medium
severity-high = high
severity-emergency = emergency
hazard-state-open = open
hazard-state-action-agreed = action agreed
hazard-state-made-safe = made safe
hazard-state-resolved = resolved
hazard-state-disputed = disputed
scope-dwelling = in the dwelling
scope-common-part = in the common parts
scope-building = the building
scope-curtilage = the land of the home
scope-street = the street
method-tape = by tape
method-laser = by laser
method-instrument = by instrument
method-estimated = by eye
equipment-kind-oxygen-concentrator = oxygen concentrator
equipment-kind-oxygen-cylinder = oxygen cylinder
equipment-kind-gas-cylinder = gas cylinder
equipment-kind-ventilator = ventilator
equipment-kind-hoist = hoist
equipment-kind-ceiling-hoist = ceiling hoist
equipment-kind-bariatric = bariatric bed or chair
equipment-kind-hospital-bed = hospital bed
equipment-kind-airflow-mattress = airflow mattress
equipment-kind-walking-frame = walking frame
equipment-kind-wheelchair = wheelchair
equipment-kind-powered-wheelchair = powered wheelchair
equipment-kind-mobility-scooter = mobility scooter
equipment-kind-e-bike = e-bike or e-scooter
equipment-kind-stair-lift = stair lift
equipment-kind-through-floor-lift = through-floor lift
equipment-kind-bath-lift = bath lift
equipment-kind-perching-stool = perching stool
equipment-kind-commode = commode
equipment-kind-toilet-frame = raised toilet seat or frame
equipment-kind-grab-rail = grab rail
equipment-kind-unlisted = something else
equipment-state-in-use = used
equipment-state-not-in-use = there, not used
equipment-state-faulty = faulty
equipment-state-removed = taken away
adaptation-status-recommended = recommended
adaptation-status-agreed = agreed
adaptation-status-ordered = ordered
adaptation-status-installed = installed
adaptation-status-declined = declined
adaptation-status-removed = removed
room-kind-bedroom = bedroom
room-kind-kitchen = kitchen
room-kind-living-room = living room
room-kind-hall = hall or stairs
room-kind-elsewhere = another room
alarm-kind-smoke = smoke alarm
alarm-kind-heat = heat alarm
alarm-kind-carbon-monoxide = carbon monoxide alarm
alarm-state-none = none
alarm-state-present = there, not tested
alarm-state-tested = tested
alarm-state-replaced = newly fitted
alarm-state-faulty = not working
visit-kind-safe-and-well = Safe and Well visit
visit-kind-ot-assessment = OT home assessment
visit-kind-adaptation = Adaptation
visit-kind-stock-condition = Stock condition survey
visit-kind-hhsrs-inspection = HHSRS inspection
visit-kind-follow-up = Follow-up
outcome-done = done
outcome-partial = part of it done
outcome-no-access = nobody in
outcome-refused = refused
visit-state-draft = being recorded
visit-state-submitted = handed in
visit-state-returned = returned to you
visit-state-reconciled = reconciled
flag-kind-no-visit-alone = Visit in pairs
flag-kind-asb-no-visit-alone = Visit in pairs: antisocial behaviour
flag-kind-contact-for-details = Ask before a visit
flag-kind-operative-gender-restriction = Workers of one gender only
flag-kind-refused-access = Access was refused
flag-kind-asbestos-present = Asbestos
flag-kind-restricted-access = Access is restricted
flag-kind-dangerous-animal = Dangerous animal
flag-kind-oxygen-on-site = Oxygen in the home
flag-kind-cannot-self-evacuate = Somebody cannot get out alone
flag-kind-key-safe = Key safe
channel-phone = telephone
channel-mobile = mobile
channel-work-phone = telephone at work
channel-email = email
channel-letter = letter
channel-text-relay = text relay
occupancy-kind-main = lives here
occupancy-kind-temporary = here for a while
occupancy-kind-mailing = for letters
occupancy-kind-previous = lived here
occupancy-role-tenant = tenant
occupancy-role-joint-tenant = joint tenant
occupancy-role-household-member = member of the household
occupancy-role-owner = owner
occupancy-role-leaseholder = leaseholder
occupancy-role-lodger = lodger
occupancy-role-live-in-carer = carer who lives in
need-kind-large-print = large print
need-kind-braille = Braille
need-kind-audio = audio
need-kind-easy-read = easy read
need-kind-electronic-text = electronic text
need-kind-bsl = British Sign Language
need-kind-lip-reading = lip reading
need-kind-hearing-aid = hearing loop or aid
need-kind-text-not-phone = text, not telephone
need-kind-phone-not-letter = telephone, not letters
need-kind-plain-speech = speak slowly and plainly
need-kind-more-time = more time
need-kind-companion = somebody with them
need-kind-advocate = an advocate
need-kind-time-to-door = time to come to the door
need-kind-how-to-knock = how to knock
need-kind-call-first = call before coming
need-kind-sensory-calm = quiet, low light, no crowd
need-kind-communication-aid = a communication book or device
need-kind-unlisted = something else
doing-walk = walking
doing-transfer = moving between bed, chair, toilet
doing-stairs = stairs
doing-hear = hearing an alarm
doing-see = seeing
doing-wake = waking to an alarm
doing-understand = understanding and acting
doing-self-evacuate = leaving the home
doing-call-for-help = calling for help
doing-without-equipment = living without powered equipment
level-independent = unaided
level-with-equipment = with equipment
level-with-help = with help
level-cannot = cannot
constancy-constant = always so
constancy-fluctuating = it varies
constancy-temporary = for a while
note-kind-assessment = assessment
note-kind-capacity = capacity for one decision
note-kind-general = note
source-observed = seen
source-told-by-resident = told by the resident
source-told-by-other = told by somebody else
source-imported = imported
confidence-sure = sure
confidence-likely = likely
confidence-unsure = to be checked
violence-kind-towards-staff = towards staff
violence-kind-household = in the household
violence-kind-weapon = a weapon
violence-kind-animal = an animal set on people
violence-kind-threats = threats
pointer-kind-police = police
pointer-kind-safeguarding-adults = safeguarding of adults
pointer-kind-safeguarding-children = safeguarding of children
pointer-kind-marac = risk conference (MARAC)
pointer-kind-probation = probation
glass-reason-incident = Incident at this address
glass-reason-welfare = Life or health in danger
glass-reason-staff-safety = Before staff go in
glass-reason-other = Another reason
review-justified = It was right to
review-not-justified = It was not right to
review-escalated = Passed on
class-index = which home, flags
class-home = hazards, visits
class-fire = firebox
class-sealed = sealed detail
class-identity = who people are
class-communication = what people need
class-function = what people can do
class-network = household, proxies
class-health-id = NHS number
class-protected = protected
class-register = registers
class-directory = names
class-audit = who read what
tongue-en = English
tongue-cy = Welsh
tongue-pl = Polish
tongue-ur = Urdu
tongue-bn = Bengali
tongue-ar = Arabic
tongue-so = Somali
tongue-tr = Turkish
tongue-ro = Romanian
tongue-pa = Punjabi
tongue-bfi = British Sign Language
scheme-fire-v1 = Home fire safety
scheme-ot-v1 = Occupational therapy
scheme-hhsrs-2026 = Housing hazards (England, from June 2026)
scheme-hhsrs-2005 = Housing hazards (2005 list; Wales)
collection-dwelling = Dwelling
collection-hazards = Hazard
collection-measurements = Measurement
collection-equipment = Equipment
collection-adaptations = Adaptation
collection-clutter = Clutter
collection-alarms = Alarm
collection-visits = Visit
collection-alerts = Alert
collection-property = Home
collection-history = History
collection-flags = Flag
collection-facts = Firebox
collection-person = Person
collection-contacts = Contact point
collection-occupancies = Address
collection-language = Language
collection-needs = Need
collection-abilities = What they can do
collection-notes = Note
purpose-prevention = prevention and care
purpose-housing = housing condition
purpose-emergency = an emergency
trace-status-01 = verified
trace-status-02 = there, not traced
trace-status-03 = a trace is needed
trace-status-04 = no match, or several
trace-status-05 = a conflict to resolve
trace-status-06 = being traced
trace-status-07 = not there, and not needed
trace-status-08 = postponed
concern-kind-domestic-abuse = domestic abuse
concern-kind-abuse = abuse by others
concern-kind-neglect = neglect by others
concern-kind-self-neglect = self-neglect, hoarding
concern-kind-financial = money taken
concern-kind-cuckooing = home taken over by others
concern-kind-child = a child at risk
concern-kind-honour-based = forced marriage, honour-based abuse
concern-kind-modern-slavery = modern slavery
concern-kind-unlisted = something else
agreement-not-asked = not asked
agreement-given = agreed
agreement-expired = ran out: ask again
agreement-refused = said no
agreement-withdrawn = taken back
consent-scope-share-with-fire = Telling fire crews what they can do
consent-scope-evacuation-plan = Evacuation plan for the fire authority
consent-scope-share-with-landlord = Telling the landlord
consent-scope-share-with-health = Telling health services
consent-scope-share-with-volunteers = Telling charities and volunteers
consent-scope-share-with-family = Telling carer or family
consent-scope-photographs = Photographs of the home
consent-scope-follow-up-contact = Being called or written to afterwards
consent-means-share-with-fire = Fire crews and visitors of the fire service are told whether they can get out alone, and never why.
consent-means-evacuation-plan = The fire authority gets four facts: flat, floor, how much help, and whether there is a statement.
consent-means-share-with-landlord = Their landlord may be told what was recorded here.
consent-means-share-with-health = Health services may be told what was recorded here.
consent-means-share-with-volunteers = Charities and volunteers may be told what was recorded here.
consent-means-share-with-family = Their carer or family may be told what was recorded here.
consent-means-photographs = Photographs of the home may be taken and kept.
consent-means-follow-up-contact = Somebody may call or write after the visit.
consent-decision-given = agreed
consent-decision-refused = said no
consent-method-spoken = face to face
consent-method-phone = by telephone
consent-method-signed = on paper, signed
consent-method-electronic = on a screen
consent-method-proxy = by a proxy
relation-partner = partner
relation-parent = parent
relation-child = son or daughter
relation-sibling = brother or sister
relation-relative = relative
relation-friend = friend
relation-neighbour = neighbour
relation-carer = carer
relation-lodger = lodger or flatmate
relation-unlisted = somebody else
proxy-kind-attorney-welfare = attorney for health and welfare
proxy-kind-attorney-property = attorney for property and money
proxy-kind-deputy-welfare = deputy of the court, welfare
proxy-kind-deputy-property = deputy of the court, property
proxy-kind-appointee = appointee for benefits
proxy-kind-advocate = advocate
proxy-kind-parental-responsibility = parent of a child
proxy-kind-informal = asked by the person
proxy-evidence-document-seen = paper seen
proxy-evidence-register-checked = register checked
proxy-evidence-person-said = the person said so
proxy-evidence-proxy-said = only the proxy said so
share-everyone = everybody who visits or calls
share-care = health and social care
share-recorder-only = my organisation only
said-by-person = the person
said-by-carer = a carer
said-by-professional = a professional
said-by-record = a record
condition-source-nhs-record = a record of the NHS
condition-source-self-report = the person
condition-source-carer = a carer
condition-source-professional = a professional

## Fields
field-access_notes = How to get in
field-anchored = Rated against the pictures
field-area = Area
field-attic = Attic
field-aware_at = Landlord aware since
field-basement = Basement
field-bathrooms = Bathrooms
field-bedrooms = Bedrooms
field-blpu_class = Kind of property
field-born = Date of birth
field-building = Name of the building
field-built_year = Year built
field-channel = Channel
field-code = Code
field-confidence = How sure
field-constancy = How steadily
field-construction = Construction
field-contact = Contact
field-country = Country
field-decided_by = Decided by
field-decision = Decision
field-detail = Detail
field-died = Date of death
field-ended_at = Ended
field-ended_by = Ended by
field-ended_on = Until
field-ended_why = Why it ended
field-ethnicity = Ethnicity
field-exit = Way out of the room
field-expires = Replace by
field-feature = What was measured
field-floor = Floor
field-follow_up = What follows
field-forename = Legal forename
field-from = Since
field-gender = Gender
field-habitable_rooms = Habitable rooms
field-heating = Heating
field-installed = Installed
field-interpreter = Needs an interpreter
field-interpreter_language = Interpreter’s language
field-investigated_at = Investigated
field-key_safe = Key safe
field-kind = Kind
field-kitchens = Kitchens
field-label = Name
field-landlord = Landlord
field-lat = Latitude
field-level = How well
field-lift = Lift
field-line = Address
field-locality = Locality
field-lon = Longitude
field-main_exit = Main way out
field-main_exit_note = About the main way out
field-met = Whom you met
field-method = How it was measured
field-middle_names = Middle names
field-note = Note
field-number = Number
field-observed_at = Seen
field-on = Since
field-organisation = Organisation
field-other = The other property
field-outcome = How did it end?
field-owner = Whose it is
field-parent = Building
field-people_inside = People usually in the home
field-person_told = The person was told
field-postcode = Postcode
field-preference = Order of preference
field-preferred_name = Preferred name
field-pronouns = Pronouns
field-property = Home
field-provisional = Provisional
field-purpose = Purpose
field-quantity = Which quantity
field-raised_on = Set on
field-rating = Rating
field-reference = Reference
field-relationship = Relationship
field-reviewed_at = Reviewed
field-review_due = Review by
field-role = Role
field-room = Room
field-room_kind = Kind of room
field-rule = Rule
field-safe_load_kg = Safe working load, kg
field-safety_work_identified_at = Safety work needed since
field-said_by = Who said so
field-scheme = List
field-scope = Where
field-service_due = Service due
field-severity = How bad
field-share = Shared with
field-snomed = SNOMED CT code
field-source = How it is known
field-source_class = Published from
field-source_document = Source
field-source_log = Log position of the source
field-source_zone = Zone of the source
field-source_row = Row of the source
field-spoken = Spoken language
field-sprinkler = Sprinkler
field-standing = What became of it
field-started_at = Began
field-state = State
field-status = How far it is
field-storeys = Storeys
field-street = Street
field-subject = About
field-surname = Legal surname
field-telecare = Telecare
field-tenure = Tenure
field-text = Text
field-title = Title
field-to = Until
field-town = Town
field-unit = Unit
field-uprn = UPRN
field-value = Figure
field-visit = Visit
field-visitor = Visitor
field-what = What
field-whose = Whose
field-worker = Worker
field-written = Written language
field-search = Search
field-pin = PIN
field-reason = Reason
field-why = Why, in words
field-incident = Number of the incident
field-alarm_kind = Which alarm
field-alarm_state = What you found or did
field-equipment_kind = Which equipment
field-equipment_state = Its state
field-room_other = Room, in your words
field-end_reason = Why
field-device_name = Name of the device
field-review = What the review came to
field-visit_note = Note to the visitor
field-review_note = Note
field-seat = Whose PIN
field-new_pin = New PIN
field-new_pin_again = The same PIN again
field-photo = Take a photograph
field-photo_file = Or choose one that is there
field-photo_note = What it shows
field-hazard_now = How is it now? This saves it.
field-hazard_scope = Where it is
field-person = About whom
field-answer = Answer
field-contact_value = Number or address
field-contact_when = When to use it
field-contact_safe = Safe to use?
field-need_kind = What they need
field-doing = What
field-note_kind = Kind of note
field-note_text = The note
field-capacity_decision = For capacity: which decision
field-support = What helped them to decide
field-assessed_by = Who assessed it, in what role
field-adults = Grown-ups, the person included
field-children = Children
field-lives_alone = Lives alone?
field-live_in_carer = Does a carer live in?
field-pets = Pets
field-name = Name
field-relation = What they are to the person
field-born_year = Year of birth, or about
field-phone = Telephone
field-email = Email
field-emergency_contact = Call in an emergency?
field-key_holder = Holds a key?
field-next_of_kin = Next of kin?
field-main_carer = Main carer?
field-told = Do they know that they are recorded here?
field-proxy_kind = What lets them speak
field-proxy_scope = About what
field-proxy_evidence = What you saw of it
field-checked_on = When it was looked at
field-reach = How to reach them
field-until = Holds until
field-service = Service
field-their_role = Their role
field-last_involved = Last involved
field-wording = Wording
field-consent_decision = What did they say?
field-consent_method = How did they say so?
field-consent_proxy = Which proxy
field-consent_contact = Whom to ask instead
field-consent_evidence = What shows it
field-consent_expires = Agreed until
field-withdrawn_how = How did they say so?
field-look_purpose = Why do you look?
field-nhs_number = NHS number
field-trace_status = How far it is traced
field-traced_status = What came of it
field-traced_by = Who asked
field-trace_reference = Reference of the request
field-protected_note = The note
field-concern_kind = What they are to be protected from
field-concern_detail = What is known
field-precaution = What a visitor must do, and must not
field-concern_holder = Who holds it
field-concern_reference = Their reference
field-concern_review = Look at it again by
field-withdrawn_by = Who writes this down

## Hazards
hazard-hhsrs-2026-1 = Falls on the level
hazard-hhsrs-2026-2 = Falls on stairs
hazard-hhsrs-2026-3 = Falls between levels
hazard-hhsrs-2026-4 = Fire and explosions
hazard-hhsrs-2026-5 = Flames and hot surfaces
hazard-hhsrs-2026-6 = Collisions, entrapment, ergonomics
hazard-hhsrs-2026-7 = Structural collapse, falling elements
hazard-hhsrs-2026-8 = Electrical hazards
hazard-hhsrs-2026-9 = Excess cold
hazard-hhsrs-2026-10 = Radiation
hazard-hhsrs-2026-11 = Damp and mould
hazard-hhsrs-2026-12 = Lead
hazard-hhsrs-2026-13 = Indoor air pollutants
hazard-hhsrs-2026-14 = Excess heat
hazard-hhsrs-2026-15 = Asbestos and MMF
hazard-hhsrs-2026-16 = Domestic hygiene
hazard-hhsrs-2026-17 = Water supply
hazard-hhsrs-2026-18 = Crowding and space
hazard-hhsrs-2026-19 = Entry by intruders
hazard-hhsrs-2026-20 = Noise
hazard-hhsrs-2026-21 = Lighting and views
hazard-hhsrs-2005-1 = Damp and mould
hazard-hhsrs-2005-2 = Excess cold
hazard-hhsrs-2005-3 = Excess heat
hazard-hhsrs-2005-4 = Asbestos and MMF
hazard-hhsrs-2005-5 = Biocides
hazard-hhsrs-2005-6 = Carbon monoxide, combustion products
hazard-hhsrs-2005-7 = Lead
hazard-hhsrs-2005-8 = Radiation
hazard-hhsrs-2005-9 = Uncombusted fuel gas
hazard-hhsrs-2005-10 = Volatile organic compounds
hazard-hhsrs-2005-11 = Crowding and space
hazard-hhsrs-2005-12 = Entry by intruders
hazard-hhsrs-2005-13 = Lighting
hazard-hhsrs-2005-14 = Noise
hazard-hhsrs-2005-15 = Hygiene, pests, refuse
hazard-hhsrs-2005-16 = Food safety
hazard-hhsrs-2005-17 = Personal hygiene, drainage
hazard-hhsrs-2005-18 = Water supply
hazard-hhsrs-2005-19 = Falls at baths
hazard-hhsrs-2005-20 = Falls on the level
hazard-hhsrs-2005-21 = Falls on stairs
hazard-hhsrs-2005-22 = Falls between levels
hazard-hhsrs-2005-23 = Electrical hazards
hazard-hhsrs-2005-24 = Fire
hazard-hhsrs-2005-25 = Flames and hot surfaces
hazard-hhsrs-2005-26 = Collision and entrapment
hazard-hhsrs-2005-27 = Explosions
hazard-hhsrs-2005-28 = Position of amenities
hazard-hhsrs-2005-29 = Structural collapse, falling elements
hazard-fire-v1-smoking = Smoking materials
hazard-fire-v1-scorch-marks = Scorch marks
hazard-fire-v1-home-oxygen = Home oxygen
hazard-fire-v1-emollient-creams = Paraffin-based creams
hazard-fire-v1-airflow-mattress = Airflow mattress
hazard-fire-v1-incontinence-products = Incontinence products stored
hazard-fire-v1-cannot-escape = Cannot escape unaided
hazard-fire-v1-cannot-call = Cannot call for help
hazard-fire-v1-hearing = Cannot hear an alarm
hazard-fire-v1-sight = Poor sight
hazard-fire-v1-cooking-cognition = Forgets while cooking
hazard-fire-v1-sedation = Alcohol, drugs, sedating medicine
hazard-fire-v1-smoke-alarm = Smoke alarm missing or faulty
hazard-fire-v1-heat-alarm = Heat alarm missing or faulty
hazard-fire-v1-telecare-unlinked = Telecare not linked to detection
hazard-fire-v1-clutter = Clutter
hazard-fire-v1-exit-blocked = Way out blocked
hazard-fire-v1-portable-heater = Portable heater
hazard-fire-v1-candles = Candles
hazard-fire-v1-e-bike = E-bike or e-scooter charging
hazard-fire-v1-unattended-cooking = Cooking left alone
hazard-fire-v1-overloaded-sockets = Overloaded sockets
hazard-fire-v1-previous-fire = Previous fire
hazard-fire-v1-arson-threat = Threat of deliberate fire
hazard-fire-v1-hoist-rescue = Rescue needs hoist or bariatric team
hazard-fire-v1-ventilator = Ventilator
hazard-fire-v1-gas-cylinders = Gas cylinders
hazard-fire-v1-explosives = Ammunition or chemicals
hazard-fire-v1-dangerous-dog = Dangerous dog
hazard-ot-v1-floors = Floors and walkways
hazard-ot-v1-mats = Loose mats
hazard-ot-v1-bed-transfer = Getting in and out of bed
hazard-ot-v1-chair-transfer = Getting up from a chair
hazard-ot-v1-toilet-transfer = Getting on and off the toilet
hazard-ot-v1-bath-transfer = Getting in and out of the bath
hazard-ot-v1-shower-transfer = Getting in and out of the shower
hazard-ot-v1-grab-rails = Grab rails
hazard-ot-v1-stair-rails = Stair rails
hazard-ot-v1-stair-edges = Stair edges
hazard-ot-v1-lighting = Lighting
hazard-ot-v1-switches = Reach of switches
hazard-ot-v1-kitchen-reach = Kitchen reach
hazard-ot-v1-carrying = Carrying
hazard-ot-v1-entrance-steps = Entrance steps
hazard-ot-v1-paths = Paths
hazard-ot-v1-thresholds = Thresholds
hazard-ot-v1-footwear = Footwear
hazard-ot-v1-pets = Pets underfoot

## Several devices on one machine
street = Four devices, one partnership
street-text = Each opens as a page of its own. Cut the signal of one, record something, and bring it back.

## Protecting an address
protection = Address protected
protection-begin = Protect the address
protection-end = End the protection
protection-text = From the moment you do this, no list, search, page or report says where this person is. Crews are told what they need at the home, of nobody by name.
protection-contact-hint = Whom to ask instead of looking for the person: a name or a team, with a number.
protection-from-hint = Leave it empty for today.
protection-holds = The address of this person is protected.
protection-end-text = Where this device keeps the address it comes back into the open record. Elsewhere, ask the person where they live.
protection-unlock = This device keeps protected addresses. Unlock it first, so that the address moves in the same step.
protection-begun = The address is protected. It stands nowhere in the open.
protection-begun-left = The address is protected, and hidden from everybody. The team that keeps protected addresses moves it by doing the same at its desk.
protection-move = Move the address under protection
protection-move-text = Where another device could only hide the address, this one moves it to where it is kept.
protection-ended = The protection has ended. Where the person lives stands in the open record again.
protection-ended-ask = The protection has ended. Ask the person where they live, and record it.
field-protected_by = Who decided
field-protected_contact = Whom to ask instead
field-protected_from = Since when

## What was recorded by mistake
mistakes = Recorded by mistake
mistakes-text = What was taken back, and why. It stays in the history, and crews are told of it no more.
mistakes-none = Nothing was taken back here.
mistakes-count =
    { $n ->
        [one] 1 fact was taken back
       *[other] { $n } facts were taken back
    }
mistake-take-back = Recorded by mistake?
mistake-take-back-what = Recorded by mistake? { $what }
mistake-take-back-now = Take it back
mistake-text = It is shown no more, and crews are told of it no more. It stays in the history, and can be let stand after all.
mistake-text-dwelling = It is not known then, until somebody says it again, and crews are told of it no more. It stays in the history, and can be let stand after all.
mistake-why-hint = For example: recorded at the wrong home.
mistake-taken-back = It is taken back. It stays in the history.
mistake-answer = The answer was taken back.
mistake-undo = Let it stand after all
mistake-undone = It stands again.
decision-kind-mistaken = Recorded by mistake
field-mistake_why = What was wrong with it

## What the history says of changes
standing-standing = stands
standing-demolished = demolished
standing-split = split
standing-merged = merged
standing-matched = matched with its UPRN
history-kind-matched = matched with its UPRN
history-kind-reassigned = its UPRN was given anew
history-kind-split = split
history-kind-merged = merged
history-kind-demolished = demolished
flag-subject-property = the home
flag-subject-person = a person
flag-subject-household = the household
challenge-raised = somebody disagrees
challenge-upheld = the flag stands
challenge-accepted = the objection was right
flag-end-reviewed = reviewed
flag-end-mistaken = it was a mistake
flag-end-source-ended = what it came from ended
band-high = high
band-medium = medium
band-low = low
band-category-1 = category 1
band-category-2 = category 2
fact-kind-people-inside = people inside
fact-kind-cannot-self-evacuate = cannot get out alone
fact-kind-hoist-rescue = rescue with a hoist
fact-kind-oxygen = oxygen
fact-kind-cylinders = cylinders
fact-kind-explosives = explosives
fact-kind-clutter = clutter
fact-kind-exit-blocked = way out blocked
fact-kind-violence-marker = risk of violence
fact-kind-dangerous-animal = dangerous animal
fact-kind-alarms = alarms
fact-kind-telecare = telecare
fact-kind-sprinkler = sprinkler
fact-kind-e-bike = e-bike or e-scooter
fact-kind-ignition = what may set fire
fact-kind-fuel = what burns easily
fact-kind-asbestos = asbestos
fact-kind-access = access
fact-kind-key-safe = key safe
fact-kind-contact = whom to ask
collection-decisions = Decision
collection-answers = Answer
collection-steps = Step of a clock
collection-assessments = Assessment
collection-photographs = Photograph
collection-conditions = Condition
collection-household = Household
collection-members = In the household
collection-people = Important person
collection-proxies = Who may speak for them
collection-professionals = Service that knows them
collection-consents = Consent
field-collection = About which part
field-row = About which entry
field-field = About which field
field-version = Version of its list
field-versions = Of which values
field-other_row = The other entry
field-undoes = Undoes
field-follows = Follows
