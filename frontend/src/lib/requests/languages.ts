/** Languages to choose from: living ones of ISO 639-3 that browsers can name, one code for each name. */
import { languageName } from '#lib/words/format.svelte.ts';
import { speech } from '#lib/words/words.svelte.ts';

export const languageCodes = `
aar abk ace ach ada ady aeb afr agq ain aka akz ale aln alt amh ann anp ara arg arn aro arp arq
ars arw ary arz asa ase asm ast atj ava awa aym aze bak bal bam ban bar bas bax bbc bbj bej bel
bem ben bew bez bfd bfq bgc bgn bho bik bin bis bjn bkm bla blo blt bod bos bpy bqi bra bre brh
brx bss bua bug bul bum byn byv cad car cat cay cch ccp ceb ces cgg cha che chk chm chn cho chp
chr chv chy cic ckb clc cnr cor cos cps cre crg crh crj crk crl crm crs csb csw cym dak dan dar
dav del deu dgr din div dje doi dsb dtp dua dyo dyu dzg dzo ebu efi egl eka ell eng est esu eus
ewe ewo ext fan fao fas fij fil fin fit fon fra frc frp frr frs fry ful fur gaa gag gan gay gba
gbz gil gla gle glg glk glv gon gor grb grn gsw guc guj gur guz gwi hai hak hat hau haw hax hbs
heb her hif hil hin hmn hmo hnj hrv hsb hsn hun hup hur hye iba ibb ibo iii ikt iku ilo ind inh
ipk isl ita izh jam jav jgo jmc jpn jpr jrb kaa kab kac kaj kal kam kan kas kat kau kaz kbd kbl
kcg kde kea kek ken kfo kgp kha khm khq khw kik kin kir kiu kkj kln kmb koi kok kom kon kor kos
kpe krc kri krj krl kru ksb ksf ksh kua kum kur kut kwk kxv lad lag lah lam lao lav lez lij lil
lim lin lit liv lkt lmo lol lou loz lrc lsm ltg ltz lua lub lug lun luo lus luy lzz mad maf mag
mah mai mak mal man mar mas mde mdf mdr men mer mfe mgh mgo mic min mkd mlg mlt mnc mni moe moh
mon mos mri mrj msa mua mus mwl mwr mwv mya mye myv mzn nan nap naq nau nav nbl nde ndo nds nep
new nia niu njo nld nmg nnh nno nob nog nor nqo nso nus nya nym nyn nyo nzi oci ojb ojc oji ojs
ojw oka ori orm osa oss pag pam pan pap pau pcd pcm pdc pdt pfl pis pms pnt pol pon por pqm prg
prs pus quc que qug raj rap rar rgn rhg rif rof roh rom ron rtm rue rug run rup rus rwk sad sag
sah saq sas sat saz sba sbp scn sco sdc sdh see seh sei sel ses sgs shi shn shu sid sin slh sli
slk slv sly sma sme smj smn smo sms sna snd snk som sot spa sqi srd srn srp srr ssw ssy stq str
suk sun sus swa swb swc swe syr szl tah tam tat tce tcy tel tem teo ter tet tgk tgx tha tht tig
tir tiv tkl tkr tli tly tmh tog ton tpi tru trv trw tsd tsi tsn tso ttm ttt tuk tum tur tvl twq
tyv tzm udm uig ukr umb urd uzb vai vec ven vep vie vls vmf vmw vot vro vun wae wal war was wbp
wln wol wuu xal xho xmf xnr xog yao yap yav ybb yid yor yrl yue zap zea zen zgh zha zho zul zun
zza
`
  .trim()
  .split(/\s+/);

export interface Language {
  code: string;
  name: string;
}

let named: { locale: string; languages: Language[] } | null = null;

/** All of them by name, in the current language. */
export function languages(): Language[] {
  if (named?.locale !== speech.locale) {
    const found = languageCodes.map((code) => ({ code, name: languageName(code) }));
    found.sort((one, other) => one.name.localeCompare(other.name, speech.locale));
    named = { locale: speech.locale, languages: found };
  }
  return named.languages;
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}|ʼ|'/gu, '')
    .trim()
    .toLocaleLowerCase();
}

/** The code of a language by its name, or by its own three letters; null when there is none. */
export function languageCode(typed: string): string | null {
  const wanted = plain(typed);
  const byName = languages().find((language) => plain(language.name) === wanted);
  // Not every language has a name in browsers: their ISO 639-3 code does.
  return byName?.code ?? (/^[a-z]{3}$/.test(wanted) ? wanted : null);
}

/** The three-letter code of a tag such as "es". */
export function threeLetters(tag: string): string | undefined {
  return languageCodes.find((code) => Intl.getCanonicalLocales(code)[0] === tag);
}
