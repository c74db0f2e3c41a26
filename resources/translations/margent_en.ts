<?xml version='1.0' encoding='utf-8'?>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>BinDialog</name>
        <message numerus="yes">
            <source>%n chosen</source>
            <translation>
                <numerusform>%n chosen</numerusform>
                <numerusform>%n chosen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n deleted annotation(s)</source>
            <translation>
                <numerusform>%n deleted annotation</numerusform>
                <numerusform>%n deleted annotations</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>BriefView</name>
        <message numerus="yes">
            <source>%n point(s) left out</source>
            <translation>
                <numerusform>%n point left out</numerusform>
                <numerusform>%n points left out</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Include %n private annotation(s)</source>
            <translation>
                <numerusform>Include %n private annotation</numerusform>
                <numerusform>Include %n private annotations</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n point(s) included</source>
            <translation>
                <numerusform>%1 of %n point included</numerusform>
                <numerusform>%1 of %n points included</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CheckBar</name>
        <message numerus="yes">
            <source>%n to check</source>
            <translation>
                <numerusform>%n to check</numerusform>
                <numerusform>%n to check</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ChosenBar</name>
        <message numerus="yes">
            <source>%n chosen</source>
            <translation>
                <numerusform>%n chosen</numerusform>
                <numerusform>%n chosen</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>CompareView</name>
        <message numerus="yes">
            <source>%n change(s)</source>
            <translation>
                <numerusform>%n change</numerusform>
                <numerusform>%n changes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DossierExport</name>
        <message numerus="yes">
            <source>%n point(s)</source>
            <translation>
                <numerusform>%n point</numerusform>
                <numerusform>%n points</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n document(s)</source>
            <translation>
                <numerusform>in %n document</numerusform>
                <numerusform>in %n documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DossierModel</name>
        <message numerus="yes">
            <source>%n place(s)</source>
            <translation>
                <numerusform>%n place</numerusform>
                <numerusform>%n places</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>DossierPane</name>
        <message numerus="yes">
            <source>%n passage(s)</source>
            <translation>
                <numerusform>%n passage</numerusform>
                <numerusform>%n passages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n annotation(s)</source>
            <translation>
                <numerusform>%n annotation</numerusform>
                <numerusform>%n annotations</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 and %2 in %n document(s)</source>
            <translation>
                <numerusform>%1 and %2 in %n document</numerusform>
                <numerusform>%1 and %2 in %n documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 in %n document(s)</source>
            <translation>
                <numerusform>%1 in %n document</numerusform>
                <numerusform>%1 in %n documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n suggested</source>
            <translation>
                <numerusform>%n suggested</numerusform>
                <numerusform>%n suggested</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n ticked</source>
            <translation>
                <numerusform>%n ticked</numerusform>
                <numerusform>%n ticked</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Looking for suggestions: %1 of %n document(s)</source>
            <translation>
                <numerusform>Looking for suggestions: %1 of %n document</numerusform>
                <numerusform>Looking for suggestions: %1 of %n documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>FoundModel</name>
        <message numerus="yes">
            <source>%n hit(s)</source>
            <translation>
                <numerusform>%n hit</numerusform>
                <numerusform>%n hits</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>more than %n hit(s)</source>
            <translation>
                <numerusform>more than %n hit</numerusform>
                <numerusform>more than %n hits</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n more in this document</source>
            <translation>
                <numerusform>%n more in this document</numerusform>
                <numerusform>%n more in this document</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n and more in this document</source>
            <translation>
                <numerusform>%n and more in this document</numerusform>
                <numerusform>%n and more in this document</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportDialog</name>
        <message numerus="yes">
            <source>%n file(s) could not be read</source>
            <translation>
                <numerusform>%n file could not be read</numerusform>
                <numerusform>%n files could not be read</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n already in your library</source>
            <translation>
                <numerusform>%n already in your library</numerusform>
                <numerusform>%n already in your library</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportPanel</name>
        <message numerus="yes">
            <source>%n document(s) came in</source>
            <translation>
                <numerusform>%n document came in</numerusform>
                <numerusform>%n documents came in</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n already in your library</source>
            <translation>
                <numerusform>%n already in your library</numerusform>
                <numerusform>%n already in your library</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n could not be read</source>
            <translation>
                <numerusform>%n could not be read</numerusform>
                <numerusform>%n could not be read</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>LibraryView</name>
        <message numerus="yes">
            <source>%n document(s)</source>
            <translation>
                <numerusform>%n document</numerusform>
                <numerusform>%n documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n highlight(s)</source>
            <translation>
                <numerusform>%n highlight</numerusform>
                <numerusform>%n highlights</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n note(s)</source>
            <translation>
                <numerusform>%n note</numerusform>
                <numerusform>%n notes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>NewerDialog</name>
        <message numerus="yes">
            <source>%n file(s) look like newer texts of documents that you have.</source>
            <translation>
                <numerusform>%n file look like newer texts of documents that you have.</numerusform>
                <numerusform>%n files look like newer texts of documents that you have.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>NotesModel</name>
        <message numerus="yes">
            <source>%n reply(ies)</source>
            <translation>
                <numerusform>%n reply</numerusform>
                <numerusform>%n replies</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>OfferModel</name>
        <message numerus="yes">
            <source>%n passage(s)</source>
            <translation>
                <numerusform>%n passage</numerusform>
                <numerusform>%n passages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>PassageBar</name>
        <message numerus="yes">
            <source>%n passage(s)</source>
            <translation>
                <numerusform>%n passage</numerusform>
                <numerusform>%n passages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Preview</name>
        <message numerus="yes">
            <source>%n document(s)</source>
            <translation>
                <numerusform>%n document</numerusform>
                <numerusform>%n documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n highlight(s)</source>
            <translation>
                <numerusform>%n highlight</numerusform>
                <numerusform>%n highlights</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n note(s)</source>
            <translation>
                <numerusform>%n note</numerusform>
                <numerusform>%n notes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>and %n more</numerusform>
                <numerusform>and %n more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n word(s)</source>
            <translation>
                <numerusform>%n word</numerusform>
                <numerusform>%n words</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%n min</numerusform>
                <numerusform>%n min</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n h</source>
            <translation>
                <numerusform>%n h</numerusform>
                <numerusform>%n h</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ReadView</name>
        <message numerus="yes">
            <source>%Ln word(s)</source>
            <translation>
                <numerusform>%Ln word</numerusform>
                <numerusform>%Ln words</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%n min</numerusform>
                <numerusform>%n min</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min left</source>
            <translation>
                <numerusform>%n min left</numerusform>
                <numerusform>%n min left</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n annotation(s)</source>
            <translation>
                <numerusform>%n annotation</numerusform>
                <numerusform>%n annotations</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n open question(s)</source>
            <translation>
                <numerusform>%n open question</numerusform>
                <numerusform>%n open questions</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n open action(s)</source>
            <translation>
                <numerusform>%n open action</numerusform>
                <numerusform>%n open actions</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Revisions</name>
        <message numerus="yes">
            <source>%n document(s) have a newer text</source>
            <translation>
                <numerusform>%n document have a newer text</numerusform>
                <numerusform>%n documents have a newer text</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n annotation(s) on the same words</source>
            <translation>
                <numerusform>%n annotation on the same words</numerusform>
                <numerusform>%n annotations on the same words</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n to check</source>
            <translation>
                <numerusform>%n to check</numerusform>
                <numerusform>%n to check</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n without its words</source>
            <translation>
                <numerusform>%n without its words</numerusform>
                <numerusform>%n without its words</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RevisionsDialog</name>
        <message numerus="yes">
            <source>%n placed</source>
            <translation>
                <numerusform>%n placed</numerusform>
                <numerusform>%n placed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n to check</source>
            <translation>
                <numerusform>%n to check</numerusform>
                <numerusform>%n to check</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n without words</source>
            <translation>
                <numerusform>%n without words</numerusform>
                <numerusform>%n without words</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SearchResults</name>
        <message numerus="yes">
            <source>%n hit(s)</source>
            <translation>
                <numerusform>%n hit</numerusform>
                <numerusform>%n hits</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n document(s)</source>
            <translation>
                <numerusform>in %n document</numerusform>
                <numerusform>in %n documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SegmentedControl</name>
        <message numerus="yes">
            <source>%n annotation(s)</source>
            <translation>
                <numerusform>%n annotation</numerusform>
                <numerusform>%n annotations</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SendDialog</name>
        <message numerus="yes">
            <source>Include %n private note(s)</source>
            <translation>
                <numerusform>Include %n private note</numerusform>
                <numerusform>Include %n private notes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n note(s) and highlight(s) leave</source>
            <translation>
                <numerusform>%n note and highlight leave</numerusform>
                <numerusform>%n notes and highlights leave</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ShelfActions</name>
        <message numerus="yes">
            <source>%n document(s) to read.</source>
            <translation>
                <numerusform>%n document to read.</numerusform>
                <numerusform>%n documents to read.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n document(s) being read.</source>
            <translation>
                <numerusform>%n document being read.</numerusform>
                <numerusform>%n documents being read.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n document(s) finished.</source>
            <translation>
                <numerusform>%n document finished.</numerusform>
                <numerusform>%n documents finished.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n document(s) as far as they are read.</source>
            <translation>
                <numerusform>%n document as far as they are read.</numerusform>
                <numerusform>%n documents as far as they are read.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n document(s) moved to the bin.</source>
            <translation>
                <numerusform>%n document moved to the bin.</numerusform>
                <numerusform>%n documents moved to the bin.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n document(s) added to “%1”.</source>
            <translation>
                <numerusform>%n document added to “%1”.</numerusform>
                <numerusform>%n documents added to “%1”.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ShelfBar</name>
        <message numerus="yes">
            <source>%n document(s)</source>
            <translation>
                <numerusform>%n document</numerusform>
                <numerusform>%n documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ShelfList</name>
        <message numerus="yes">
            <source>%n document(s)</source>
            <translation>
                <numerusform>%n document</numerusform>
                <numerusform>%n documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ShelfModel</name>
        <message numerus="yes">
            <source>%n highlight(s)</source>
            <translation>
                <numerusform>%n highlight</numerusform>
                <numerusform>%n highlights</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n note(s)</source>
            <translation>
                <numerusform>%n note</numerusform>
                <numerusform>%n notes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SuggestDialog</name>
        <message numerus="yes">
            <source>This document speaks of %n topic(s) that no theme of yours has. Tick those to add.</source>
            <translation>
                <numerusform>This document speaks of %n topic that no theme of yours has. Tick those to add.</numerusform>
                <numerusform>This document speaks of %n topics that no theme of yours has. Tick those to add.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n passage(s)</source>
            <translation>
                <numerusform>%n passage</numerusform>
                <numerusform>%n passages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TextChoice</name>
        <message numerus="yes">
            <source>%n of your notes placed</source>
            <translation>
                <numerusform>%n of your notes placed</numerusform>
                <numerusform>%n of your notes placed</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n moved</source>
            <translation>
                <numerusform>%n moved</numerusform>
                <numerusform>%n moved</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n orphaned</source>
            <translation>
                <numerusform>%n orphaned</numerusform>
                <numerusform>%n orphaned</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ThemeDialog</name>
        <message numerus="yes">
            <source>Would suggest %n passage(s) in this document.</source>
            <translation>
                <numerusform>Would suggest %n passage in this document.</numerusform>
                <numerusform>Would suggest %n passages in this document.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ThemeWork</name>
        <message numerus="yes">
            <source>%n theme(s)</source>
            <translation>
                <numerusform>%n theme</numerusform>
                <numerusform>%n themes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n new theme(s)</source>
            <translation>
                <numerusform>%n new theme</numerusform>
                <numerusform>%n new themes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n with more words</source>
            <translation>
                <numerusform>%n with more words</numerusform>
                <numerusform>%n with more words</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ThemesModel</name>
        <message numerus="yes">
            <source>%n passage(s)</source>
            <translation>
                <numerusform>%n passage</numerusform>
                <numerusform>%n passages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n annotation(s) of yours</source>
            <translation>
                <numerusform>%n annotation of yours</numerusform>
                <numerusform>%n annotations of yours</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n annotation(s) of colleagues</source>
            <translation>
                <numerusform>%n annotation of colleagues</numerusform>
                <numerusform>%n annotations of colleagues</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n annotation(s)</source>
            <translation>
                <numerusform>%n annotation</numerusform>
                <numerusform>%n annotations</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them yours</source>
            <translation>
                <numerusform>%n of them yours</numerusform>
                <numerusform>%n of them yours</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n given by the document's author</source>
            <translation>
                <numerusform>%n given by the document's author</numerusform>
                <numerusform>%n given by the document's author</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chosen by you</source>
            <translation>
                <numerusform>%n chosen by you</numerusform>
                <numerusform>%n chosen by you</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n suggested by its signal words (hollow)</source>
            <translation>
                <numerusform>%n suggested by its signal words (hollow)</numerusform>
                <numerusform>%n suggested by its signal words (hollow)</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ThemesPane</name>
        <message numerus="yes">
            <source>%n passage(s)</source>
            <translation>
                <numerusform>%n passage</numerusform>
                <numerusform>%n passages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>VocabularyDialog</name>
        <message numerus="yes">
            <source>%n new theme(s)</source>
            <translation>
                <numerusform>%n new theme</numerusform>
                <numerusform>%n new themes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n theme(s) with more words</source>
            <translation>
                <numerusform>%n theme with more words</numerusform>
                <numerusform>%n themes with more words</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n that you have already</source>
            <translation>
                <numerusform>%n that you have already</numerusform>
                <numerusform>%n that you have already</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>_Counts</name>
        <message numerus="yes">
            <source>%n reply(ies)</source>
            <translation>
                <numerusform>%n reply</numerusform>
                <numerusform>%n replies</numerusform>
            </translation>
        </message>
    </context>
</TS>