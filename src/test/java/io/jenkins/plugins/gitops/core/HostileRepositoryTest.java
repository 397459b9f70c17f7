package io.jenkins.plugins.gitops.core;

import static io.jenkins.plugins.gitops.core.HostileRepository.IMAGE;
import static io.jenkins.plugins.gitops.core.HostileRepository.INNOCENT;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.change.HistoryEntry;
import io.jenkins.plugins.gitops.core.change.HistoryEntry.EntryKind;
import io.jenkins.plugins.gitops.core.change.Hold;
import io.jenkins.plugins.gitops.core.change.ImageRequest;
import io.jenkins.plugins.gitops.core.change.RollbackPlanner;
import io.jenkins.plugins.gitops.core.change.SetImagePlanner;
import io.jenkins.plugins.gitops.core.change.TargetHistory;
import io.jenkins.plugins.gitops.core.delivery.Delivery;
import io.jenkins.plugins.gitops.core.delivery.TargetImages;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.ImageReference;
import io.jenkins.plugins.gitops.core.model.Target;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The operations of core that the innocent application needs, with all attacks in the same repository. */
public class HostileRepositoryTest {
    private static final GitOptions OPTIONS = new GitOptions(Duration.ofMinutes(1), Duration.ofMinutes(1), true);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path bare;

    @Before
    public void create() throws Exception {
        bare = folder.getRoot().toPath().resolve("hostile.git");
        HostileRepository.create(bare);
    }

    private ConfigRepository open() throws Exception {
        ConfigRepository clone = ConfigRepository.open(
                folder.newFolder().toPath(),
                bare.toUri().toString(),
                HostileRepository.BRANCH,
                "",
                GitCredentials.ANONYMOUS,
                Runnable::run,
                OPTIONS);
        clone.fetch();
        return clone;
    }

    /** The time limit is far above the actual time. Without bounds, the test would fail or never end. */
    @Test(timeout = 240_000)
    public void innocentApplicationIsReadChangedAndReported() throws Exception {
        try (ConfigRepository clone = open()) {
            String tip = clone.tip().orElseThrow();
            FileTree files = clone.files(tip);
            Delivery delivery = Delivery.load(files);
            Target target = delivery.target(INNOCENT, "production");
            assertThat(TargetImages.read(files, target), is(List.of(ImageReference.parse(IMAGE + ":v1"))));
            assertThat(
                    delivery.changedWith(target, List.of(TargetImages.imageFile(files, target))), is(List.of(target)));

            SetImagePlanner change = new SetImagePlanner(
                    INNOCENT,
                    "dev",
                    new ImageRequest(IMAGE, "v2", null),
                    new ChangeMetadata("op-1", null, "alice", null));
            ChangeResult result = clone.submit(new Change("op-1", new Author("a", "a@example.com"), change))
                    .get();
            assertThat(result.changed(), is(true));

            RollbackPlanner rollbackPlanner = new RollbackPlanner(
                    INNOCENT, "dev", null, false, new ChangeMetadata("op-2", null, "alice", "broken"));
            clone.submit(new Change("op-2", new Author("a", "a@example.com"), rollbackPlanner))
                    .get();
            List<HistoryEntry> history = TargetHistory.newestFirst(
                    clone, target(clone, "dev"), clone.tip().orElseThrow(), 50);
            assertThat(
                    history.stream().map(HistoryEntry::kind).toList(),
                    is(List.of(EntryKind.ROLLBACK, EntryKind.SET_IMAGE, EntryKind.EXTERNAL)));
        }
    }

    /** A refresh reads all targets; each is read or rejected, and none of them prevents the others. */
    @Test(timeout = 240_000)
    public void everyTargetIsReadOrRejected() throws Exception {
        try (ConfigRepository clone = open()) {
            FileTree files = clone.files(clone.tip().orElseThrow());
            int read = 0;
            int refused = 0;
            for (Target target : Delivery.load(files).targets()) {
                try {
                    read += TargetImages.read(files, target).size();
                } catch (UserErrorException e) {
                    refused++;
                }
                Hold.find(files, target);
            }
            assertThat(read, greaterThan(10_000));
            assertThat(refused, greaterThan(4));
        }
    }

    private static Target target(ConfigRepository clone, String environment) throws Exception {
        return Delivery.load(clone.files(clone.tip().orElseThrow())).target(INNOCENT, environment);
    }
}
