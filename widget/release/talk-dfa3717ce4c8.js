const e=["To show the doctor","Para mostrar al doctor"],t=["Skip","Back","Leave the check","Saltar","Regresar","Salir de la guía"],o=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,n={cited:"Where the page says this",verbatim:"The page's own words",open:"See it on the page",safety:"General safety advice, not from the hospital's page.",source:"Source:",helpful:"Was this helpful?",yes:"Yes",no:"No",thanks:"Thank you. That helps us.",reason:"What was missing? You can skip this.",reasons:{other_question:"It is not what I asked",unclear:"It is hard to understand",too_little:"It does not say enough",wrong:"It does not seem right"},several:"Choose all that fit. Your own words are fine, too.",go:"Continue",printCard:"Print this card",printed:"Printed from the automated guide on"},r='.source,.next{color:var(--soft);font-size:.9375em}.next{font-weight:600;margin-bottom:-6px}.moves{display:flex;flex-wrap:wrap;gap:4px 8px}.moves button{border-color:transparent;background:none;color:var(--soft);text-decoration:underline;text-underline-offset:3px}.notice{border-left:4px solid var(--care-line);padding:2px 0 2px 14px}summary{display:flex;align-items:center;gap:6px;min-height:44px;color:var(--brand);font-weight:550;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}summary:before{content:"";width:8px;height:8px;margin:0 6px 0 2px;border:solid currentColor;border-width:2px 2px 0 0;transform:rotate(45deg)}[open]>summary:before{transform:translateY(-2px) rotate(135deg)}.said>.cited{margin-top:6px;margin-bottom:-6px}figure{padding:10px 0 10px 16px;border-left:3px solid var(--tint)}figure+figure{margin-top:10px}blockquote{white-space:pre-line}blockquote:before{content:"“"}blockquote:after{content:"”"}figcaption{display:flex;flex-wrap:wrap;gap:0 14px;align-items:center;margin-top:4px;font-size:.9375em;color:var(--soft)}cite{font-style:normal}.means{margin-top:6px;font-style:italic;white-space:pre-line}figcaption a{min-height:44px;display:flex;align-items:center}.vote{display:flex;flex-wrap:wrap;align-items:center;gap:8px;color:var(--soft);font-size:.9375em;border-top:1px solid var(--line);padding-top:10px}.said>.vote{margin-bottom:-4px}.vote span{flex:1}legend{padding:0;color:var(--soft);font-size:.9375em;margin-bottom:8px}.several{display:grid;gap:12px}.several label{display:flex;align-items:center;gap:12px;min-height:48px;padding:8px 14px;margin-bottom:8px;border:1px solid var(--line);border-radius:14px;background:var(--card);cursor:pointer}.several label:has(:checked){border-color:var(--brand);background:var(--tint)}input{width:22px;height:22px;flex:none;margin:0;accent-color:var(--brand)}.reasons button{margin:0 8px 8px 0;font-size:.9375em}.doctor{border:2px solid var(--brand)}h3{font-size:1.1875em;line-height:1.3}dl>div{padding:8px 0;border-top:1px solid var(--line)}dt{color:var(--soft);font-size:.9375em}dd{font-weight:550}',a=e=>e.replace(/^(?!- ).{180,}$/gm,e=>(e.match(/(?:.+?[.?!](?=\s+[A-ZÁÉÍÓÚÑ¿¡"“])|.+$)\s*/g)??[e]).reduce((e,t,o)=>e+(o&&o%2==0?"\n":"")+t,""));function s(e){const t=[...e.text.matchAll(/^- \d+\. (.+)$/gm)].map(e=>e[1]),o=new Set(e.buttons.map(e=>e.title));return t.length>1&&t.every(e=>o.has(e))?t:[]}function i(e,t){const{words:o}=t,{html:n,nothing:r}=t.kit;return n`<details class="cited">
<summary>${o.cited} <span>(${e.citations.length})</span></summary>
${e.citations.map(e=>n`<figure>
<blockquote lang="en">${e.quote.replace(/^\s*•\s*/gm,"• ")}</blockquote>
${e.translation?n`<p class="means">${e.translation}</p>`:r}
<figcaption>
<cite lang="en">${e.section}</cite>
<a href=${e.url??function(e,t){const o=t.trim().split("\n")[0].replace(/^\s*•\s*/,"").trim();return`${e}/source#:~:text=${encodeURIComponent(o).replace(/-/g,"%2D")}`}(t.endpoint,e.quote)} target="_blank" rel="noopener noreferrer"
>${o.open}</a
>
</figcaption>
</figure>`)}
</details>`}function l(r,l){const p={...n,...l.words},c={...l,words:p},{html:d,nothing:u,prose:g,taps:m}=c.kit,h=r.messages.filter(e=>"choice"!==e.kind).flatMap(e=>e.buttons);return d`<div class="turn" data-level=${r.level} tabindex="-1">
<span class="sr">${p.guide}</span>
${r.messages.map((n,l)=>{if(((e,o,n)=>"choice"===e.kind&&o>0&&!n.last&&!e.buttons.some(e=>t.includes(e.title)))(n,l,c))return u;if(!(t=>e.some(e=>t.text.startsWith(e)))(n))return function(e,t,o,n){const{words:r}=n,{html:l,nothing:p,prose:c,call:d,look:u}=n.kit,g=u(e,o),m="choice"===e.kind&&s(e).length>0?e.text.replace(/\n[^]*$/,"").replace(/\?[^?]*$/,"?"):e.text;return l`<section
class="said ${e.kind} ${g}"
lang=${o.lang}
role=${"emergency"===o.level&&g&&n.live?"alert":p}
>
${d(e,o,r)}
${e.verbatim?l`<p class="source">${r.verbatim}</p>`:p}
${c("answer"===e.kind?a(m):m)}
${e.notice?l`<div class="notice">${c(e.notice)}</div>`:p}
${e.citations.length?i(e,n):p}
${e.sources.length?function(e,{kit:{html:t},words:o}){return t`<p class="source">
${o.safety}
${e.sources.map((e,n)=>t`${n?", ":`${o.source} `}${e.url?.startsWith("https://")?t`<a href=${e.url} target="_blank" rel="noopener noreferrer">${e.publisher}</a>`:e.publisher}`)}
</p>`}(e,n):p}
${"answer"===e.kind?function(e,t,o){const{words:n}=o,{html:r,nothing:a}=o.kit,s=e.votes[t];if(!s&&!o.last)return a;if(!s)return r`<div class="vote" role="group" aria-label=${n.helpful}>
<span aria-hidden="true">${n.helpful}</span>
<button type="button" @click=${()=>o.vote(t,!0)}>${n.yes}</button>
<button type="button" @click=${()=>o.vote(t,!1)}>${n.no}</button>
</div>`;const i="no"===s&&o.last?o.form():void 0;return r`<p class="vote">${n.thanks}</p>
${i?.reasons(r,n,e=>o.vote(t,!1,e))??a}`}(o,t,n):p}
</section>`}(n,l,r,c);const m=c.card();return d`<section class="said doctor" lang=${r.lang}>
${m?m.render(d,(h=n.text,h.replace(o,"")),p,()=>c.print(n.text)):g(n.text,!1)}
${n.citations.length?i(n,c):u}
</section>`;var h})}
${c.last?r.messages.map(e=>"choice"===e.kind?function(e,o){const{html:n,nothing:r,taps:a}=o.kit,i=e.buttons.filter(e=>t.includes(e.title)),l=s(e),p=l.length?o.form():void 0,c=e.buttons.filter(e=>!i.includes(e));return n`
${p?p.several(n,l,o.words,o.say):a(c,o.say,e.text)}
${i.length?n`<ul class="moves">
${i.map(e=>n`<li>
<button type="button" @click=${()=>o.say(e.text)}>${e.title}</button>
</li>`)}
</ul>`:r}
`}(e,c):u):u}
${c.last&&h.length?d`<p class="next">${p.next}</p>
${m(h,c.say,p.next)}`:u}
</div>`}export{a as airy,r as css,l as guideTurn};
