package io.jenkins.plugins.gitops.core.git;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class TrailersTest {
    private static final Trailers TWO =
            Trailers.none().with(Trailers.OPERATION, "job#7/12").with(Trailers.TARGET, "payments-api/staging");

    @Test
    public void messageEndsWithTrailersAsTheLastParagraph() {
        assertThat(
                TWO.message("Set payments-api to 1.2"),
                is("Set payments-api to 1.2\n\nGitops-Operation: job#7/12\nGitops-Target: payments-api/staging\n"));
        assertThat(Trailers.none().message("Subject"), is("Subject\n"));
    }

    @Test
    public void messageReadsBackAsItWasWritten() {
        Trailers trailers = TWO.with(Trailers.IMAGE, "app:1 -> app:2")
                .with(Trailers.IMAGE, "-> side:1")
                .with(Trailers.APPROVED_BY, "Zoë: the second")
                .with(Trailers.REASON, "  spaces  around and a tab\tinside ")
                .with(Trailers.BUILD, "https://ci.example.com/job/a/7/");
        assertThat(Trailers.parse(trailers.message("Subject")), is(trailers));
        assertThat(Trailers.parse(trailers.message("Subject")).hashCode(), is(trailers.hashCode()));
        assertThat(trailers.all(Trailers.IMAGE), is(List.of("app:1 -> app:2", "-> side:1")));
        assertThat(trailers.first(Trailers.REASON), is(Optional.of("spaces  around and a tab inside")));
    }

    @Test
    public void emptyValueReadsBackAtTheEndAsInTheMiddle() {
        Trailers empty = Trailers.none().with("A", "").with("B", "b").with("C", " \n ");
        assertThat(Trailers.parse(empty.message("Subject")), is(empty));
        assertThat(empty.all("C"), is(List.of("")));
    }

    @Test
    public void valueIsReducedToOneLine() {
        assertThat(value("a\nGitops-Approved-By: mallory"), is("a Gitops-Approved-By: mallory"));
        assertThat(value("a\r\n\r\nb"), is("a b"));
        assertThat(value("a\u2028b\u2029c\u0085d"), is("a b c d"));
        assertThat(value("a\u0000b\u001b[31mc\u007fd\u009b31me"), is("a b [31mc d 31me"));
        assertThat(value("\u000b \f"), is(""));
        assertThat(value("\u3000wide spaces around\u2003"), is("wide spaces around"));
        assertThat(value("Zoë \uD83D\uDE00 日本"), is("Zoë \uD83D\uDE00 日本"));
    }

    @Test
    public void valueCannotForgeATrailer() {
        for (String lineEnd : List.of("\n", "\r", "\r\n", "\n\n", "\u2028", "\u2029", "\u0085", "\u000b", "\f")) {
            String forged = "innocent" + lineEnd + "Gitops-Approved-By: mallory";
            Trailers written = TWO.with(Trailers.REASON, forged);
            Trailers read = Trailers.parse(written.message("Subject" + lineEnd + "Gitops-Approved-By: mallory"));
            assertThat(read, is(written));
            assertThat(read.all(Trailers.APPROVED_BY), is(List.of()));
        }
    }

    @Test
    public void subjectIsOneLine() {
        assertThat(
                TWO.with("A", "b")
                        .message(" One\n\nGitops-Reason: x\r\n")
                        .lines()
                        .findFirst(),
                is(Optional.of("One Gitops-Reason: x")));
        assertThat(Trailers.parse(TWO.message("")), is(TWO));
    }

    @Test
    public void longValueIsTruncatedAtACharacterBoundary() {
        assertThat(value("x".repeat(1024)), is("x".repeat(1024)));
        assertThat(value("x".repeat(1025)), is("x".repeat(1024)));
        assertThat(value("x".repeat(1023) + "\uD83D\uDE00"), is("x".repeat(1023)));
        assertThat(value("x".repeat(1023) + " y"), is("x".repeat(1023)));
    }

    @Test
    public void messagesWithoutTrailersHaveNone() {
        none("");
        none("Subject");
        none("Subject\n");
        none("Subject: not a trailer\n");
        none("Gitops-Operation: the subject is none");
        none("Subject\n\nA body.");
        none("Subject\n\nA body with a colon: yes\nand a line without.\n");
        none("Subject\n\nGitops-Operation: op\n\nA last word.\n");
        none("Subject\n\nGitops-Operation: op\nand more of it\n");
        none("Subject\n\nGitops-Operation: op\n folded onto the next line\n");
        none("Subject\nGitops-Operation: op\n");
        none("Subject\n\n1st: a key begins with a letter\n");
        none("Subject\n\ntwo words: x\n");
    }

    @Test
    public void onlyTheLastParagraphCounts() {
        Trailers read = Trailers.parse("Subject\n\nGitops-Operation: old\n\nBody.\n\nGitops-Operation: new\nA:b\n\n\n");
        assertThat(read, is(Trailers.none().with("Gitops-Operation", "new").with("A", "b")));
    }

    /** Covers the formats in which GitHub, GitLab, Gitea and Git itself squash the commits of a pull request. */
    @Test
    public void allOperationsOfASquashAreRead() {
        String one = message("one", "dev");
        String two = message("two", "staging");
        String squash =
                "Bump all (#12)\n\n* " + one + "\n* " + two + "\n---------\n\nCo-authored-by: Bob <bob@example.com>\n";
        for (String message : List.of(squash, squash.replace("\n", "\r\n"), one + "\n" + two)) {
            Trailers all = Trailers.parseAll(message);
            assertThat(all.all(Trailers.OPERATION), is(List.of("one", "two")));
            assertThat(all.all(Trailers.TARGET), is(List.of("a/dev", "a/staging")));
            assertThat(Trailers.ofOperation(message, "two", null).all(Trailers.TARGET), is(List.of("a/staging")));
        }
        String merge = "Squashed commit of the following:\n\ncommit 1234\nAuthor: A <a@example.com>\n\n    "
                + one.strip().replace("\n", "\n    ") + "\n";
        assertThat(Trailers.parseAll(merge).all(Trailers.TARGET), is(List.of("a/dev")));
    }

    @Test
    public void ordinaryMessageIsRead() {
        String message = message("one", "dev");
        assertThat(Trailers.parseAll(message), is(Trailers.parse(message)));
        assertThat(Trailers.parseAll("Subject\n\nA: b\n"), is(Trailers.none().with("A", "b")));
        assertThat(Trailers.parseAll("Gitops-Operation: the subject is none"), is(Trailers.none()));
        assertThat(Trailers.ofOperation(message, "other", null), is(Trailers.parse(message)));
    }

    private static String message(String operation, String environment) {
        return Trailers.none()
                .with(Trailers.OPERATION, operation)
                .with(Trailers.TARGET, "a/" + environment)
                .message("a/" + environment + ": set image");
    }

    @Test
    public void windowsLineEndsAreAccepted() {
        assertThat(
                Trailers.parse("Subject\r\n\r\nBody.\r\n\r\nA: b\r\nC: d\r\n"),
                is(Trailers.none().with("A", "b").with("C", "d")));
    }

    @Test
    public void externalTrailerWithAnOddCharacterHidesNoOther() {
        Trailers read = Trailers.parse("Subject\n\nGitops-Operation: op\nSigned-off-by: a\u2028b\rc <a@example.com>\n");
        assertThat(
                read,
                is(Trailers.none().with("Gitops-Operation", "op").with("Signed-off-by", "a b c <a@example.com>")));
    }

    @Test
    public void keysAreCaseInsensitive() {
        Trailers read = Trailers.parse("Subject\n\ngitops-operation: one\nGITOPS-OPERATION: two\nOther: three\n");
        assertThat(read.all(Trailers.OPERATION), is(List.of("one", "two")));
        assertThat(read.first("other"), is(Optional.of("three")));
        assertThat(read.first("missing"), is(Optional.empty()));
        assertThat(read.all("missing"), is(List.of()));
    }

    @Test
    public void trailersAreValues() {
        assertThat(TWO.equals(Trailers.none()), is(false));
        assertThat(TWO.equals("text"), is(false));
        assertThat(Trailers.none().with("A", "b"), is(Trailers.none().with("A", "b")));
        assertThat(Trailers.none().with("A", "b").equals(Trailers.none().with("A", "c")), is(false));
    }

    private static String value(String given) {
        return Trailers.none().with("A", given).first("A").orElseThrow();
    }

    private static void none(String message) {
        assertThat(message, Trailers.parse(message), is(Trailers.none()));
    }
}
