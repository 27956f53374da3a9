"""What people say in the demo. `# channel days-ago time` begins a conversation; today's begin minutes ago.

A line is `key: words`; `key> words` replies to the line before, `@key` addresses somebody. At its end
may stand [urgent], [pin], [delete], or [edit …] with what it says after its author mended it.
"""

TALK = """
# victim_services 27 09:05
mara: Good morning. The rota is in Rota and protocols, beds go into Beds tonight. Here we talk about the rest.
max: Night Line will post handovers here at 07:00, in numbers only.
anna> That helps. We start calling at eight.
ruth: Our forensic nurses are on call every night. Please ask for the on-call desk, never for a person. [pin]

# victim_services 25 13:40
hal: A reminder from Willow: the lift is repaired, all twelve beds are step-free again.
dana> Good news. I will send people with wheelchairs your way first.
mara: @dana could Harbor take one more crib in exchange? [edit @dana could Harbor take one more cot in exchange?]
dana> Yes, two even.

# victim_services 23 10:20
noor: I read the intake form again. Question 9 asks for more than anybody needs on the first night. Could it go?
anna> We never use the answer.
edith> Neither do we.
mara: Then it goes. The new form has eight questions and a line that says why each is asked.
noor> Thank you. That line matters more than it seems.

# victim_services 21 16:05
amir: Two consultation hours are free tomorrow morning, one of them in Spanish.
paz> La de español nos serviría mucho.
amir> Reservada para la línea nocturna, a las 10.
paz: Gracias.

# victim_services 18 08:45
carlos: Seis personas empezaron su plan de vivienda. Ninguna tuvo que repetir su historia al cambiar de oficina.
mara> That is the sentence I will put first in the report.
dot: The shared checklist works. Bridge stops asking what the county asked already.

# victim_services 15 17:30
tess: Does anybody have a spare phone charger, the older kind? [delete]
tess: Sorry, wrong place. It is in Beds tonight now.
june: Red Cedar has two foster families again, licensed, for siblings.
edith> I will call your office on Monday.

# victim_services 12 11:10
jo: Numbers of the month so far from Night Line: 41 calls about shelter, 29 answered with a bed within the hour.
yara> Twelve without one. Those are the twelve we should look at on Thursday.
mara: On the agenda. Please bring only totals.
kofi: From the hospital: nine asked for a nurse, nine got one.

# victim_services 9 18:20
mina: We have a new house rule, written with residents: quiet from ten, kitchen open all night.
lucia> ¿Nos la pasas? La nuestra es de hace seis años.
mina> Te la mando hoy.

# victim_services 6 09:00
dana: Paul has left Harbor House; Tess takes over the mornings. He asked me to thank all of you.
mara> Thank you both. Handing over took ten minutes, I have never seen that before.
anna: The best of luck to him.

# victim_services 4 15:25
noa: The new leaflet on rights at work is ready, in five languages. It fits into a pocket.
noor> Read and liked. No pictures of chains, thank you.

# victim_services 2 10:15
mara: Thursday at ten: the twelve nights without a bed, what we can do about family rooms, and the form. [pin]
ray: Child Protection comes with two.
max: Night Line with one. I had the night.
ruth: Hospital with one.
june: By phone from Red Cedar.

# victim_services 0 -32
mara: Hello all. On call now: Jonas, and I after him.
dana: Harbor House has one single room and the family room open.
lucia: Estoy en la casa hasta el cambio de turno. Toquen el timbre de servicio.
amir: Two hours are free tomorrow morning.
mara: Thank you. A request for a family follows in a moment. @dana @hal could you look?

# rota 26 12:00
mara: Rota of the month: county until midnight, Harbor House until six, Willow at weekends. Swap, then tell me. [pin]

# rota 16 12:00
mara: Protocol 4 is new: before anybody is moved, the person is told where, with whom and for how long, and may say no.

# rota 3 09:30
mara: Two people answer the on-call phone from Monday on, 20:00 to 02:00. Please confirm that you have read this.

# legal 26 10:30
amir: The spring dates for the interview training: 14 March and 4 April.
tom: Both work for us. We would send four people.
vera> And three from the prosecutor.
amir: Noted. The room holds twenty. [pin]

# legal 20 14:10
elena: Our panel has three new attorneys who do family law. One speaks Russian, one Spanish.
noa> We have five people waiting for exactly that.
theo: I will match them by Wednesday, without files: language, area of law, time of day.

# legal 14 09:20
ivan: Processing times went up again. I put the new figures into one table, with what can be asked to be expedited.
cruz> ¿También para quienes renuevan?
ivan> Yes, second column.
mara: This saves us twenty calls a week.

# legal 8 16:45
noa: A release must name one agency and one date. I have seen three this week that named neither.
anna> One was ours. Mended, and the old ones are out of the drawer.
amir: Thank you for saying so.

# legal 1 15:30
pilar: ¿Quién puede cubrir la clínica legal del sábado? Somos dos y vienen quince.
theo> I can, from nine to one.
cruz> Yo también.
pilar: Perfecto, gracias.

# health 24 12:00
ruth: Thursdays at noon, forty minutes, cameras off if you like. First topic: appointments without long forms.
lena: We cut ours from nine pages to two.
noor> Two is still two. But thank you, I mean it.

# health 17 12:40
kofi: Therapy: ten days to a first hour at present, thirty-one in Cedar County.
skye> In our clinic six, with somebody of our own nation.
joy: Could we share a waiting list by language? Counts only.
ruth> Let us try it for a month.

# health 10 12:15
eli: Something for us: the group for staff meets again on Tuesdays. No notes are taken.
alma> Gracias por no tomar notas.
mara: I was there last time. It helped.

# health 1 12:05
ruth: Winter mornings: who can drive people to appointments before seven? I posted it as a request too.
carlos> Dos personas nuestras, martes y jueves.

# outreach 25 18:10
sol: Bienvenidas y bienvenidos. Aquí escribimos como hablamos, en español o en inglés.
nadia: La feria de primavera es el primer sábado del mes. Necesitamos tres mesas.
ham> We bring two tables and tea.
pam> And the schools one, with a box for questions nobody has to sign.

# outreach 19 17:00
bea: Forty housekeepers, one hour, in Spanish, paid time. Who could speak?
nadia> Yo, con mucho gusto. ¿Qué les preocupa a ellas?
bea> Contracts and passports, mostly.
chela: Entonces llevamos también la hoja de derechos laborales.
zoe: I can send you the newest one. It has the hours and the number of our office desk.

# outreach 13 19:20
beto: El cartel nuevo: sin fotos de personas, sin manos atadas. Solo la pregunta y dónde preguntar.
luis> Mucho mejor.
ali: We would hang it in all nineteen schools.
sol: @pam ¿puedes contar cuántos? [edit @pam ¿puedes decirnos cuántos necesitas?]
pam> Sixty.

# outreach 7 18:30
ellen: Eleven houses collected 214 winter coats. They lie in our hall, sorted by size.
sol> Pasamos el viernes con la camioneta.

# outreach 2 17:45
sol: Para el sábado falta un proyector. Lo puse como solicitud.
abe> We have one, and a long cable.
nadia: Resuelto. Gracias a la mesa interreligiosa.

# charlas 22 10:00
nadia: Martes 18: escuela Birch, diez de la mañana. Martes 25: hotel, dos de la tarde. [pin]
chela> Yo llevo los materiales al hotel.
kirk: We prepare the small room, and coffee.

# charlas 11 09:15
nadia: Vinieron cuarenta y tres. Preguntaron mucho por contratos.
kirk> They asked when you come again.
nadia> En dos meses, con la hoja nueva.

# charlas 3 11:40
beto: Sábado: montamos a las 8, abrimos a las 10. Agua y sombra, por favor.
pam: I am there at eight.
sol: Yo también.

# advisory 22 11:00
noor: Welcome. The rule was read and accepted by all of us, so let us begin where we left off: words.
wren: My list of words to retire has nine entries. Rescue is the first.
mara> The county letters are changed. It took two days, and nobody missed the old ones.
alma: Y en español: nadie es un caso.

# advisory 13 11:20
vera: We would like your advice on waiting rooms in the courthouse. May I bring a plan next week?
noor> Yes. Two doors, please, and a window.
wren: And somebody who explains how long it takes.
vera> That part we can do tomorrow.

# advisory 5 10:50
noor: What became of our advice: the form has eight questions, the poster no hands, the courthouse a second door. [pin]
alma> Esto es nuevo: que nos lo cuenten.
mara: Two weeks, as the rule says.

# justice 24 08:30
tom: Deconfliction is on the first Monday, eight o'clock. Bring dates and areas, nothing else.
gail> Birch City is there with two.
sam: The prosecutor with one.

# justice 17 13:15
vera: The interview protocol has a new first page: the advocate is in the room before we are.
dee> We tried it. The talk was shorter and better.
nico: Who trains the night shift?
dee> I do, two evenings.

# justice 10 09:40
hugo: Labor Standards can join inspections on wages with a week's notice.
luis> Eso nos ayuda con los contratos.
tom: Put into the protocol.

# justice 2 14:00
iris: Draft of the spring training is in your mail. Comments until Friday.
omar: One from me: more time for questions of the advocates.
iris> Done.

# rapid 8 15:00
tom: Heron: a window at the end of next week, about six adults, two languages, nothing finer here.
vera: Heron is clear with us. Interview site is not a station.
ruth> Two nurses can be called, heron or not.
ines: Dos intérpretes para heron, mujeres, en sala. Sin conflicto de interés.
anna: Bridge has six rooms on hold for heron, in three places.

# rapid 2 16:20
tom: Heron stays as planned. Everybody confirms by tomorrow noon.
dee> Confirmed for heron.
bao: Confirmed, heron, two voices.

# heron 7 10:00
tom: Heron logistics: three cars, none of them marked.
ruth: Heron bags with clothes and chargers are packed.
bao> Interpreters for heron ride along.
vera: Paper for heron is ready, in both languages.

# winter 28 18:00
ham: Last counts, please, then we close until autumn.
tess: Harbor House: everything we asked for came.
sol: Puente: quedaron doce cobijas.
ellen> We store them.
ham: Thank you all. The group is archived tonight; it can be read.

# desk 20 22:40
max: Who picks up when the county line is busy?
jonas: I call back within ten minutes. Text only the word back, nothing else.
hal> Willow answers at the door too.

# desk 9 23:30
kit: Quiet night so far. Two calls, both for information.
dana> Same here.
jo: Somebody asked for Ukrainian by video. I posted it.

# desk 1 21:50
max: I take the first half, Paz the second.
paz> Lista a partir de las dos.
jonas: County is on until midnight.
hal: Two beds here.

# desk 0 -14
max: The county line is down until midnight. Send every call to Night Line, and tell whoever is on with you. [urgent]

# news 21 09:00
mara: The task force has 25 member organizations since this week. Welcome to all who are new.

# news 10 09:00
mara: Plenary on the second Thursday, ten o'clock, committees right after. Please say who comes from each house. [pin]

# news 1 09:00
mara: The quarterly report is out: totals only. Nights asked for and not met went down by a third. Thank you.

# grant 16 14:30
mara: Three parts: services, law, care for staff. Four pages each at most.
anna> Services by Friday.
noa: Law by Monday. How long is four pages?
mara> Four.

# grant 5 10:10
anna: Services is in. The chart with cells under five left out looks odd, but right.
noa: Law is in.
mara: Read both. Sent.

# mara-dana 12 17:05
mara: Do you have ten minutes tomorrow about family rooms?
dana: At nine. I have an idea with the attic.
mara> I like attics.

# mara-dana 0 -25
dana: The family room will be free soon.
mara: You are wonderful. I post it now.

# mara-amir 6 13:30
amir: Would you read the leaflet once more? Page two.
mara: Read. One comma, and one sentence that sounds like a court.
amir> Gone, both.

# lucia-rosa 9 20:15
lucia: ¿Cómo hacen ustedes con las llaves cuando alguien llega de noche?
rosa: Una caja con código, que cambia cada semana.
lucia> Buena idea, la propongo.

# lucia-rosa 0 -120
rosa: Hoy nos queda una individual.
lucia: Nosotras la familiar, después del cambio de turno.

# noor-mara 5 12:00
noor: Thank you for saying in the circle what was changed. Not everybody does.
mara: Thank you for question nine.

# tom-vera 8 16:10
tom: May I call you about heron after five?
vera: Yes. Heron only, please, no other matters.

# sol-nadia 3 19:30
sol: ¿Vamos juntas el sábado?
nadia: Sí, paso por ti a las siete.
sol> Llevo café.

# max-jo-kit 4 18:40
max: Handover in five sentences or fewer from now on. I counted mine: eleven.
jo> Yours were good sentences.
kit: Five it is.
"""

# each evening: how many rooms are open, and who answers
SHELTERS = {
    "dana": "Harbor House tonight: {single} single, {family} family.",
    "tess": "Harbor House: {single} single, {family} family. Ring twice.",
    "rosa": "Willow esta noche: {single} individuales, {family} familiar.",
    "mina": "Willow tonight: {single} single, {family} family, all step-free.",
    "carlos": "Bridge: {family} apartamento para una familia, desde mañana.",
}
ROTA = [
    ("jonas", "County is on until midnight."),
    ("yara", "I am on until midnight, Jonas after me."),
    ("jo", "Night Line: two of us tonight."),
    ("paz", "Línea nocturna: esta noche somos dos."),
    ("max", "Night Line: three of us, all evening."),
    ("kofi", "Emergency care: a nurse is on call."),
]
MORNING = [
    ("max", "Handover: {calls} calls, {beds} beds found, nobody waits."),
    ("jo", "Handover of the night: {calls} calls, {beds} beds. All calm."),
    ("paz", "Resumen de la noche: {calls} llamadas, {beds} camas. Todo tranquilo."),
]
THANKS = {"jo": "Seen, thank you.", "paz": "Recibido, gracias.", "mara": "Thank you.", "anna": "Noted for the morning."}
