function e(e,t,n,a){return e`<form class="several" @submit=${e=>{e.preventDefault();const n=new FormData(e.target).getAll("pick").map(Number);n.length&&a(n.map(e=>e+1).join(" "),n.map(e=>t[e]).join("; "))}}>
<fieldset>
<legend>${n.several}</legend>
${t.map((t,n)=>e`<label><input type="checkbox" name="pick" value=${n} /><span>${t}</span></label>`)}
</fieldset>
<button class="wide">${n.go}</button>
</form>`}function t(e,t,n){return e`<fieldset class="reasons">
<legend>${t.reason}</legend>
${Object.entries(t.reasons).map(([t,a])=>e`<button type="button" @click=${()=>n(t)}>${a}</button>`)}
</fieldset>`}export{t as reasons,e as several};
