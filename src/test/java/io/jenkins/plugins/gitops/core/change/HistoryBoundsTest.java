package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.gitops.core.change.HistoryEntry.EntryKind;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** Reading a history takes bounded time, whatever the versions of the file contain. */
public class HistoryBoundsTest {
    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void largeVersionsAreReadUpToABudget() throws Exception {
        clone.set("dev", "sha-first");
        String comment = "# " + "x".repeat(900_000) + "\n";
        for (int i = 0; i < 24; i++) {
            clone.byHand(DEV_FILE, images("sha-" + i) + comment, Trailers.none());
        }
        clone.byHand(DEV_FILE, images("sha-last"), Trailers.none());
        TargetHistory.RecentHistory history = newest();
        assertThat(history.cut(), is(true));
        assertThat(history.entries().size(), lessThan(20));
        assertThat(history.entries().size(), greaterThan(10));
        // The previous image of the oldest shown entry is known, so no entry seems to be the first.
        HistoryEntry oldest = history.entries().get(history.entries().size() - 1);
        assertThat(oldest.images().get(0).from() == null, is(false));
        assertThat(newest().entries(), is(history.entries()));
    }

    @Test
    public void unreadableVersionAffectsOnlyItsOwnEntry() throws Exception {
        clone.set("dev", "sha-1");
        clone.byHand(DEV_FILE, "images: " + "[".repeat(100_000), Trailers.none());
        clone.byHand(DEV_FILE, images("sha-2") + "# " + "x".repeat(2 << 20), Trailers.none());
        clone.byHand(DEV_FILE, "images:\n- name: " + "a-".repeat(100_000) + "a\n  newTag: v1\n", Trailers.none());
        clone.byHand(
                DEV_FILE,
                images("sha-3"),
                Trailers.none()
                        .with(Trailers.TARGET, APP + "/dev")
                        .with(Trailers.IMAGE, "a-".repeat(400) + "a -> " + "b/".repeat(400) + "b:v1")
                        .with(Trailers.OPERATION, "op-long"));
        clone.set("dev", "sha-4");
        TargetHistory.RecentHistory history = newest();
        assertThat(history.cut(), is(false));
        assertThat(history.entries().get(0).kind(), is(EntryKind.SET_IMAGE));
        assertThat(history.entries().get(1).images(), is(List.of(change("sha-1", "sha-3"))));
        assertThat(history.entries().get(2).images().get(0).to(), is(not(ImageReference.parse(IMAGE + ":sha-3"))));
    }

    private TargetHistory.RecentHistory newest() throws Exception {
        return TargetHistory.newest(clone.repository(), clone.target("dev"), clone.tip(), 50);
    }

    private static String images(String tag) {
        return "images:\n- name: " + IMAGE + "\n  newTag: " + tag + "\n";
    }

    private static ImageChange change(String from, String to) throws Exception {
        return new ImageChange(ImageReference.parse(IMAGE + ":" + from), ImageReference.parse(IMAGE + ":" + to));
    }
}
