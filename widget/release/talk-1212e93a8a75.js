const e=["To show the doctor","Para mostrar al doctor"],t=["Skip","Back","Leave the check","Saltar","Regresar","Salir de la guía"],o=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,n={cited:"Where the page says this",verbatim:"The page's own words",open:"See it on the page",safety:"General safety advice, not from the hospital's page.",source:"Source:",helpful:"Was this helpful?",yes:"Yes",no:"No",thanks:"Thank you. That helps us.",reason:"What was missing? You can skip this.",reasons:{other_question:"It is not what I asked",unclear:"It is hard to understand",too_little:"It does not say enough",wrong:"It does not seem right"},several:"Choose all that fit",go:"Continue",printCard:"Print this card",printed:"Printed from the automated guide on"},r='.source,.next{color:var(--soft);font-size:.9375em}.moves{display:flex;flex-wrap:wrap;gap:4px 8px}.moves button{border-color:transparent;background:none;color:var(--soft);text-decoration:underline;text-underline-offset:3px}.notice{border-left:4px solid var(--care-line);padding:2px 0 2px 14px}summary{display:flex;align-items:center;gap:6px;min-height:44px;color:var(--brand);font-weight:550;cursor:pointer;list-style:none}summary::-webkit-details-marker{display:none}summary:before{content:"›";width:12px;font-size:1.375em;line-height:1}[open]>summary:before{content:"⌄";line-height:.6}.said>.cited{margin-top:6px;margin-bottom:-6px}figure{padding:10px 0 10px 16px;border-left:3px solid var(--tint)}figure+figure{margin-top:10px}blockquote{white-space:pre-line}blockquote:before{content:"“"}blockquote:after{content:"”"}figcaption{display:flex;flex-wrap:wrap;gap:0 14px;align-items:center;margin-top:4px;font-size:.9375em;color:var(--soft)}cite{font-style:normal}figcaption a{min-height:44px;display:flex;align-items:center}.vote{display:flex;flex-wrap:wrap;align-items:center;gap:8px;color:var(--soft);font-size:.9375em;border-top:1px solid var(--line);padding-top:10px}.said>.vote{margin-bottom:-4px}.vote span{flex:1}legend{padding:0;color:var(--soft);font-size:.9375em;margin-bottom:8px}.several{display:grid;gap:12px}.several label{display:flex;align-items:center;gap:12px;min-height:48px;padding:8px 14px;margin-bottom:8px;border:1px solid var(--line);border-radius:14px;background:var(--card);cursor:pointer}.several label:has(:checked){border-color:var(--brand);background:var(--tint)}input{width:22px;height:22px;flex:none;margin:0;accent-color:var(--brand)}.reasons button{margin:0 8px 8px 0;font-size:.9375em}.doctor{border:2px solid var(--brand)}h3{font-size:1.1875em;line-height:1.3}dl>div{padding:8px 0;border-top:1px solid var(--line)}dt{color:var(--soft);font-size:.9375em}dd{font-weight:550}';function a(e){const t=[...e.text.matchAll(/^- \d+\. (.+)$/gm)].map(e=>e[1]),o=new Set(e.buttons.map(e=>e.title));return t.length>1&&t.every(e=>o.has(e))?t:[]}function s(e,t){const{words:o}=t,{html:n}=t.kit;return n`<details class="cited">
<summary>${o.cited} <span>(${e.citations.length})</span></summary>
${e.citations.map(e=>n`<figure>
<blockquote lang="en">${e.quote.replace(/^\s*•\s*/gm,"• ")}</blockquote>
<figcaption>
<cite lang="en">${e.section}</cite>
<a href=${e.url??t.passage(e.quote)} target="_blank" rel="noopener noreferrer"
>${o.open}</a
>
</figcaption>
</figure>`)}
</details>`}function i(r,i){const l={...n,...i.words},p={...i,words:l},{html:c,nothing:d,prose:u,taps:g}=p.kit,h=r.messages.filter(e=>"choice"!==e.kind).flatMap(e=>e.buttons);return c`<div class="turn" data-level=${r.level} tabindex="-1">
<span class="sr">${l.guide}</span>
${r.messages.map((t,n)=>{if(!(t=>e.some(e=>t.text.startsWith(e)))(t))return function(e,t,o,n){const{words:r}=n,{html:i,nothing:l,prose:p,call:c,look:d}=n.kit,u=d(e,o.level),g="choice"===e.kind&&a(e).length>0?e.text.split("\n")[0]:e.text;return i`<section
class="said ${e.kind} ${u}"
lang=${o.lang}
role=${"emergency"===u&&n.live?"alert":l}
>
${u?c(e.text,r):l}
${e.verbatim?i`<p class="source">${r.verbatim}</p>`:l}
${p(g)}
${e.notice?i`<div class="notice">${p(e.notice)}</div>`:l}
${e.citations.length?s(e,n):l}
${e.sources.length?function(e,{kit:{html:t},words:o}){return t`<p class="source">
${o.safety}
${e.sources.map((e,n)=>t`${n?", ":`${o.source} `}${e.url?.startsWith("https://")?t`<a href=${e.url} target="_blank" rel="noopener noreferrer">${e.publisher}</a>`:e.publisher}`)}
</p>`}(e,n):l}
${"answer"===e.kind?function(e,t,o){const{words:n}=o,{html:r,nothing:a}=o.kit,s=e.votes[t];if(!s&&!o.last)return a;if(!s)return r`<div class="vote" role="group" aria-label=${n.helpful}>
<span aria-hidden="true">${n.helpful}</span>
<button type="button" @click=${()=>o.vote(t,!0)}>${n.yes}</button>
<button type="button" @click=${()=>o.vote(t,!1)}>${n.no}</button>
</div>`;const i="no"===s&&o.last?o.form():void 0;return r`<p class="vote">${n.thanks}</p>
${i?.reasons(r,n,e=>o.vote(t,!1,e))??a}`}(o,t,n):l}
</section>`}(t,n,r,p);const i=p.card();return c`<section class="said doctor" lang=${r.lang}>
${i?i.render(c,(g=t.text,g.replace(o,"")),l,()=>p.print(t.text)):u(t.text,!1)}
${t.citations.length?s(t,p):d}
</section>`;var g})}
${p.last?r.messages.map(e=>"choice"===e.kind?function(e,o){const{html:n,nothing:r,taps:s}=o.kit,i=e.buttons.filter(e=>t.includes(e.title)),l=a(e),p=l.length?o.form():void 0,c=e.buttons.filter(e=>!i.includes(e));return n`
${p?p.several(n,l,o.words,o.say):s(c,o.say,e.text)}
${i.length?n`<ul class="moves">
${i.map(e=>n`<li>
<button type="button" @click=${()=>o.say(e.text)}>${e.title}</button>
</li>`)}
</ul>`:r}
`}(e,p):d):d}
${p.last&&h.length?c`<p class="next">${l.next}</p>
${g(h,p.say,l.next)}`:d}
</div>`}export{r as css,i as guideTurn};
