const t=/(\[[^[\]\n]+\]\((?:https?:\/\/|tel:\+?|sms:\+?)[^\s()[\]]+\))/,n=/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;function e(e){return(t=>t.replace(n,""))(e).split(t).filter(Boolean).map(n=>{const e=n.indexOf("](");return t.test(n)?{label:n.slice(1,e),href:n.slice(e+2,-1)}:n})}function s(t){const n=[];for(const s of function(t,n=e){const s=[];let l=null;for(const e of t.split("\n"))e.startsWith("- ")?(l||s.push({items:l=[]}),l.push(n(e.slice(2)))):(l=null,e.trim()&&s.push({line:n(e)}));return s}(t,t=>[t]))"items"in s?n[n.length-1]?.rows.push(...s.items.map(String)):n.push({lead:String(s.line),rows:[]});return{title:n[0]?.lead??"",blocks:n}}function l(t){const n=t.indexOf(": ");return n<0?["",t]:[t.slice(0,n),t.slice(n+2)]}function i(t,n,e,i){const{title:o,blocks:r}=s(n),[u,...c]=r;return t`
<h3>${o}</h3>
<dl>
${u?.rows.map(n=>{const[e,s]=l(n);return t`<div><dt>${e||"•"}</dt><dd>${s}</dd></div>`})}
</dl>
${c.map(({lead:n,rows:e})=>t`<p>${n}</p>
${e.length?t`<ul>${e.map(n=>t`<li>${n}</li>`)}</ul>`:""}`)}
<button type="button" class="wide" @click=${i}>${e.printCard}</button>
`}export{l as fact,s as read,i as render};
