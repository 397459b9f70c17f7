package io.jenkins.plugins.gitops.core.change;

import static io.jenkins.plugins.gitops.core.change.ExampleClone.APP;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.DEV_FILE;
import static io.jenkins.plugins.gitops.core.change.ExampleClone.IMAGE;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.Trailers;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** The text of a commit message by any committer proves nothing. */
public class ForgedTrailersTest {
    private final TemporaryFolder folder = new TemporaryFolder();
    private final ExampleClone clone = new ExampleClone(folder);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(folder).around(clone);

    @Test
    public void forgedNewerBuildBlocksNobody() throws Exception {
        Trailers forged = says("job#999999999/1@1", "sha-a1b2c3d");
        push(forged, null, null);
        push(forged.with(Trailers.IMAGE, "-> " + IMAGE + ":sha-2"), "README.md", "x");
        push(forged, DEV_FILE, clone.text(DEV_FILE).replace("sha-a1b2c3d", "sha-other"));
        assertThat(clone.set("dev", "sha-7", "job#7/1@1").changed(), is(true));
    }

    @Test
    public void realNewerBuildStaysNewerDespiteForgeries() throws Exception {
        clone.set("dev", "sha-8", "job#8/1@2");
        ObjectId tip = clone.others().tip();
        for (int i = 0; i < 100; i++) {
            tip = clone.others()
                    .commit(
                            ExternalCommits.CAROL,
                            says("job#1/" + i + "@1", "sha-1").message("x"),
                            null,
                            null,
                            tip);
        }
        clone.others().push(tip);
        clone.repository().fetch();
        assertThrows(StaleBuildException.class, () -> clone.set("dev", "sha-7", "job#7/1@1"));
    }

    @Test
    public void forgedOperationDoesNotCount() throws Exception {
        push(says("release-1", "sha-1"), null, null);
        push(says("release-1", "sha-1"), "README.md", "x");
        ChangeResult real = clone.set("dev", "sha-1", "release-1");
        assertThat(real.changed(), is(true));
        assertThat(clone.text(DEV_FILE), containsString("sha-1"));
        clone.set("dev", "sha-2");
        assertThat("once only", clone.set("dev", "sha-1", "release-1").revision(), is(real.revision()));
        assertThat(clone.text(DEV_FILE), containsString("sha-2"));
    }

    @Test
    public void forgedHoldOrReleaseDoesNotCount() throws Exception {
        Trailers said = Trailers.none().with(Trailers.OPERATION, "op-1").with(Trailers.TARGET, APP + "/dev");
        push(said.with(Trailers.HOLD, Hold.HELD), "README.md", "x");
        assertThat("op-1 is the first one of the clone", clone.hold("dev").changed(), is(true));
        assertThat(
                Hold.find(clone.repository().files(clone.tip()), clone.target("dev"))
                        .map(Hold::operation),
                is(Optional.of("op-1")));
    }

    @Test
    public void commitNamingManyOperationsEvictsNoOther() throws Exception {
        ChangeResult real = clone.set("dev", "sha-1", "release-1");
        Trailers many = Trailers.none();
        for (int i = 0; i < 11_000; i++) {
            many = many.with(Trailers.OPERATION, "o" + i);
            if (i % 500 == 499) {
                push(many, "README.md", "x" + i);
                many = Trailers.none();
            }
        }
        clone.set("dev", "sha-2");
        assertThat(clone.set("dev", "sha-1", "release-1").revision(), is(real.revision()));
    }

    private static Trailers says(String operation, String tag) {
        return Trailers.none()
                .with(Trailers.OPERATION, operation)
                .with(Trailers.TARGET, APP + "/dev")
                .with(Trailers.IMAGE, "-> " + IMAGE + ":" + tag);
    }

    private void push(Trailers trailers, String file, String content) throws Exception {
        ObjectId tip = clone.others().tip();
        clone.others().push(clone.others().commit(ExternalCommits.CAROL, trailers.message("x"), file, content, tip));
        clone.repository().fetch();
    }
}
