package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.gitops.core.change.HistoryEntry.EntryKind;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

public class TargetHistoryTest {
    private static final String HOLD_FILE = ".gitops/holds/dev/payments-api.yaml";

    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void namesAuthorChangeAndReason() throws Exception {
        clone.set("dev", "sha-1");
        clone.set("dev", "sha-2", "job#1/5@k");
        ChangeResult back = clone.rollback("dev", null, true, "op-back");
        clone.release("dev");
        clone.hold("dev");
        List<HistoryEntry> entries = history("dev", 20);
        assertThat(
                kinds(entries),
                is(List.of(
                        EntryKind.HOLD,
                        EntryKind.RELEASE,
                        EntryKind.ROLLBACK,
                        EntryKind.SET_IMAGE,
                        EntryKind.SET_IMAGE,
                        EntryKind.EXTERNAL)));
        HistoryEntry rollback = entries.get(2);
        assertThat(rollback.revision(), is(back.revision()));
        assertThat(rollback.images(), is(List.of(change("sha-2", "sha-1"))));
        assertThat(rollback.requestedBy(), is("alice"));
        assertThat(rollback.reason(), is("because"));
        assertThat(rollback.author(), is("alice"));
        assertThat(rollback.build(), nullValue());
        assertThat(rollback.external(), is(false));
        assertThat(entries.get(0).images(), is(List.of()));
        HistoryEntry first = entries.get(5);
        assertThat(first.external(), is(true));
        assertThat(first.images(), is(List.of(change(null, "sha-a1b2c3d"))));
        assertThat(first.requestedBy(), nullValue());
    }

    @Test
    public void namesTheSourceOfAPromotion() throws Exception {
        ChangeResult source = clone.set("dev", "sha-1");
        clone.promote("dev", "staging", new ChangeMetadata("op-p", "https://ci/job/1/", "alice", null));
        HistoryEntry entry = history("staging", 1).get(0);
        assertThat(entry.kind(), is(EntryKind.PROMOTION));
        assertThat(entry.promotedFrom(), is("payments-api/dev@" + source.revision()));
        assertThat(entry.build(), is("https://ci/job/1/"));
        assertThat(entry.approvedBy(), is(List.of()));
        assertThat(entry.reason(), nullValue());
    }

    @Test
    public void limitCountsEntriesOfBothKinds() throws Exception {
        for (int i = 0; i < 4; i++) {
            clone.set("dev", "sha-" + i);
            comment("# " + i);
        }
        clone.hold("dev");
        List<HistoryEntry> all = history("dev", 100);
        assertThat(all.size(), is(6));
        for (int limit = 1; limit < 6; limit++) {
            assertThat(history("dev", limit), is(all.subList(0, limit)));
        }
    }

    @Test
    public void onlyImageChangesAreListed() throws Exception {
        clone.set("staging", "sha-9");
        comment("# nothing but a comment");
        assertThat(history("dev", 20).size(), is(1));
    }

    @Test
    public void externalChangesAreReadFromTheFiles() throws Exception {
        clone.set("dev", "sha-1");
        clone.byHand(
                DEV_FILE,
                clone.text(DEV_FILE).replace("sha-1", "sha-7") + "- name: ghcr.io/myorg/sidecar\n  newTag: \"1\"\n",
                Trailers.none());
        HistoryEntry entry = history("dev", 1).get(0);
        assertThat(entry.kind(), is(EntryKind.EXTERNAL));
        assertThat(
                entry.images(),
                is(List.of(
                        change("sha-1", "sha-7"),
                        new ImageChange(null, ImageReference.parse("ghcr.io/myorg/sidecar:1")))));
        clone.byHand(
                DEV_FILE,
                clone.text(DEV_FILE).replace("- name: ghcr.io/myorg/sidecar\n  newTag: \"1\"\n", ""),
                Trailers.none());
        assertThat(
                history("dev", 1).get(0).images(),
                is(List.of(new ImageChange(ImageReference.parse("ghcr.io/myorg/sidecar:1"), null))));
    }

    /** Covers a host's merge of a change request with several commits. */
    @Test
    public void mergedChangeRequestIsOneChangeWithItsSubjectAndPeople() throws Exception {
        clone.set("dev", "sha-1");
        String text = clone.text(DEV_FILE);
        ObjectId main = clone.others().tip();
        ObjectId wip =
                clone.others().commit(ExternalCommits.CAROL, "wip", DEV_FILE, text.replace("sha-1", "sha-wip"), main);
        ObjectId side = clone.others()
                .commit(ExternalCommits.CAROL, "Release 2", DEV_FILE, text.replace("sha-1", "sha-2"), wip);
        clone.others()
                .push(clone.others()
                        .commit(
                                ExternalCommits.DAVE,
                                "Merge pull request #7\n\nRelease 2",
                                DEV_FILE,
                                text.replace("sha-1", "sha-2"),
                                main,
                                side));
        clone.repository().fetch();
        Target withoutFile = new Target(ExampleClone.APP, "dev", "services/payments-api/overlays/dev", null);
        List<HistoryEntry> history = TargetHistory.newestFirst(clone.repository(), withoutFile, clone.tip(), 2);
        HistoryEntry merge = history.get(0);
        assertThat(merge.subject(), is("Merge pull request #7"));
        assertThat(merge.author(), is("Dave"));
        assertThat(merge.writtenBy(), is(List.of("Carol")));
        assertThat(merge.images(), is(List.of(change("sha-1", "sha-2"))));
        HistoryEntry own = history.get(1);
        assertThat(own.kind(), is(EntryKind.SET_IMAGE));
        assertThat(own.subject(), is(nullValue()));
        assertThat(own.writtenBy(), is(List.of()));
    }

    @Test
    public void squashedChangeRequestNamesItsCoAuthors() throws Exception {
        String text = clone.text(DEV_FILE).replace("sha-a1b2c3d", "sha-2");
        String message = "Release 2 (#7)\n\n* wip\n\n* done\n\nCo-authored-by: Erin <erin@example.com>\n";
        clone.others()
                .push(clone.others()
                        .commit(
                                ExternalCommits.CAROL,
                                message,
                                DEV_FILE,
                                text,
                                clone.others().tip()));
        clone.repository().fetch();
        HistoryEntry squash = history("dev", 1).get(0);
        assertThat(squash.subject(), is("Release 2 (#7)"));
        assertThat(squash.author(), is("Carol"));
        assertThat(squash.writtenBy(), is(List.of("Erin")));
    }

    @Test
    public void trailersThatContradictTheFilesAreIgnored() throws Exception {
        ChangeResult own = clone.set("dev", "sha-1");
        Trailers copied = Trailers.none()
                .with(Trailers.OPERATION, "op-copied")
                .with(Trailers.TARGET, "payments-api/dev")
                .with(Trailers.REQUESTED_BY, "mallory")
                .with(Trailers.APPROVED_BY, "bob")
                .with(Trailers.IMAGE, IMAGE + ":sha-a1b2c3d -> " + IMAGE + ":sha-1");
        clone.byHand(DEV_FILE, clone.text(DEV_FILE).replace("sha-1", "sha-6"), copied);
        HistoryEntry entry = history("dev", 1).get(0);
        assertThat(entry.kind(), is(EntryKind.EXTERNAL));
        assertThat(entry.images(), is(List.of(change("sha-1", "sha-6"))));
        assertThat(entry.requestedBy(), nullValue());
        assertThat(entry.approvedBy(), is(List.of()));

        Trailers elsewhere = Trailers.none()
                .with(Trailers.OPERATION, "op-elsewhere")
                .with(Trailers.TARGET, "payments-api/staging")
                .with(Trailers.IMAGE, IMAGE + ":sha-6 -> " + IMAGE + ":sha-5");
        clone.byHand(DEV_FILE, clone.text(DEV_FILE).replace("sha-6", "sha-5"), elsewhere);
        assertThat(history("dev", 1).get(0).kind(), is(EntryKind.EXTERNAL));
        assertThat(history("dev", 3).get(2).revision(), is(own.revision()));
    }

    @Test
    public void holdRemovedByHandIsARelease() throws Exception {
        clone.hold("dev");
        String operation = clone.operation();
        clone.submit(operation, tip -> new ChangePlan(Map.of(), Set.of(HOLD_FILE), "by hand", Trailers.none()));
        HistoryEntry entry = history("dev", 1).get(0);
        assertThat(entry.kind(), is(EntryKind.RELEASE));
        assertThat(entry.external(), is(true));
    }

    @Test
    public void malformedAndMissingFilesHaveNoState() throws Exception {
        clone.set("dev", "sha-1");
        String good = clone.text(DEV_FILE);
        clone.byHand(DEV_FILE, "images: [", Trailers.none());
        clone.byHand(DEV_FILE, good.replace("sha-1", "sha-2"), Trailers.none());
        List<HistoryEntry> entries = history("dev", 20);
        assertThat(entries.size(), is(3));
        assertThat(entries.get(0).images(), is(List.of(change("sha-1", "sha-2"))));
    }

    private void comment(String comment) throws Exception {
        clone.byHand(DEV_FILE, comment + "\n" + clone.text(DEV_FILE), Trailers.none());
    }

    private List<HistoryEntry> history(String environment, int limit) throws Exception {
        return TargetHistory.newestFirst(clone.repository(), clone.target(environment), clone.tip(), limit);
    }

    private static List<EntryKind> kinds(List<HistoryEntry> entries) {
        return entries.stream().map(HistoryEntry::kind).toList();
    }

    private static ImageChange change(String from, String to) throws Exception {
        return new ImageChange(
                from == null ? null : ImageReference.parse(IMAGE + ":" + from), ImageReference.parse(IMAGE + ":" + to));
    }
}
