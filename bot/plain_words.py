"""Plain words that an answer may use though its quotes do not have them.

Together with the quotes and the glossary this list is all that a claim may be made
of. It holds grammar and everyday words, and in Spanish the everyday words that
translate the page's; folded, without a name, an amount, a promise ("safe", "cure")
or anything medical that the glossary should hold instead.
"""

from __future__ import annotations

from collections.abc import Mapping

PLAIN_WORDS: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        (
            "after aim all also and are based better big but calls can care check checks"
            " children close come comes does during eye find finds for from full get gets"
            " getting gives hard has have help helped hospital how its just keeps kind know"
            " later like list look more much need next not ones other page people raise see seem"
            " seems short since skill some spot stands start such team that the them there these"
            " they things this through too watch way ways well what which who will with yes you"
            " your"
        ).split()
    ),
    "es": frozenset(
        (
            "actividad afecta afectar ahi algunas algunos alli alrededor ano anos antes"
            " aparecen aparecer apoyan apoyos aprender asi asusta atencion atender aumentan"
            " avanzados ayudan ayudar bebe bebes bien breves cabecear cada cambios captar cara"
            " causan causar causas centros cerca cerebro ciertos como completos comun comunes"
            " con confundir confundirlos conoce conocimientos conozcan control corto cosas"
            " crezca crezcan cuales cuando cuidado cuidados cumplen cumplir dan del desarrollo"
            " describio desde desordenados despierta despues diagnostican diagnosticar"
            " diagnosticarla dice diciendo diferente dificil dificiles dos duelen duran durante"
            " durar edad elija empezar empieza empiezan encontrarlo encuentra entre equipo"
            " especialistas esta estar este estos expertos facil familia fijo fijos forma formas"
            " fundamental gente grabar grandes haber hace hacen hacer hacerle haciendo hallar"
            " hara hay hecho hija hijo hospital incluye ingles internara lados las lider llama"
            " llaman llorar los manera mas mejoran mejores mes meses meta mientras minutos mirar"
            " muchas mucho muchos muy nacional necesidades necesitan necesitar necesite nino"
            " ninos nombre notar observar ofrece otras otros pacientes pagina pais para parece"
            " parecen parezcan pequeno perder pero personas poco pocos por porque posible"
            " primera principal problemas puede pueden que quedan rapido raras raro recibe"
            " recientes revisa revisiones riesgo salud seguidos segun segundos seis senales ser"
            " siesta sigue siguen sintomas sobre sobresalta solo son suelen sus tambien tarde"
            " tener terapias tiempo tiene tienen tipicas tipo todo toma tomar tomarla tono"
            " torcer trabaja trata tratamiento tratamientos tratan tratar tratarla tratarlo una"
            " uno unos usa usted van varios vea veces ven venir ver verlos verse vez vigila"
            " vista"
        ).split()
    ),
}
