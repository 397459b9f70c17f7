package io.jenkins.plugins.gitops.core.git.objects;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.gitops.core.HostileRepository;
import io.jenkins.plugins.gitops.core.HostileRepository.Attack;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlan;
import io.jenkins.plugins.gitops.core.git.ChangeResult;
import io.jenkins.plugins.gitops.core.git.CommitInfo;
import io.jenkins.plugins.gitops.core.git.ConfigRepository;
import io.jenkins.plugins.gitops.core.git.Trailers;
import io.jenkins.plugins.gitops.core.git.remote.GitCredentials;
import io.jenkins.plugins.gitops.core.git.remote.GitOptions;
import io.jenkins.plugins.gitops.core.model.FileTree;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Folders too deep for the stack, and commits with very many trailers. */
public class PathBoundsTest {
    private static final GitOptions OPTIONS = GitOptions.DEFAULT.withFiles();
    private static final String IMAGES = "services/innocent/overlays/dev/image-tag.yaml";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path bare;

    @Before
    public void create() throws Exception {
        bare = folder.getRoot().toPath().resolve("hostile.git");
        HostileRepository.create(bare, EnumSet.of(Attack.DEEP_FOLDERS, Attack.FORGED_TRAILERS));
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

    @Test
    public void historyTraversesCommitsThatChangedADeepFolder() throws Exception {
        try (ConfigRepository clone = open()) {
            String tip = clone.tip().orElseThrow();
            assertThat(clone.fileLog(tip, IMAGES, 10), hasSize(1));
            assertThat(clone.log(tip, IMAGES, 10), hasSize(1));
        }
    }

    @Test
    public void changedFilesOmitOverlongPaths() throws Exception {
        try (ConfigRepository clone = open()) {
            String tip = clone.tip().orElseThrow();
            List<CommitInfo> commits = clone.log(tip, "services/deep-folders", 10);
            assertThat(commits, hasSize(2));
            Optional<List<String>> changed =
                    clone.changedFiles(commits.get(1).revision(), commits.get(0).revision(), 100);
            assertThat(changed.orElseThrow(), is(empty()));
        }
    }

    @Test
    public void overlongPathIsNotLookedUp() throws Exception {
        try (ConfigRepository clone = open()) {
            FileTree files = clone.files(clone.tip().orElseThrow());
            String deep = "services/deep-folders/overlays/dev" + "/d".repeat(300);
            assertThat(files.list(deep), is(empty()));
            assertThrows(UserErrorException.class, () -> files.read(deep + "/file.yaml"));
            assertThrows(UserErrorException.class, () -> files.read("x".repeat(10_000)));
            assertThrows(UserErrorException.class, () -> RepositoryPath.writable("a/".repeat(300) + "a"));
        }
    }

    @Test
    public void aChangeIsWrittenOnTopOfEndlessTrailersAndFoundAgain() throws Exception {
        try (ConfigRepository clone = open()) {
            byte[] content = "images: []\n".getBytes(StandardCharsets.UTF_8);
            Change change = new Change(
                    "op-1",
                    new Author("a", "a@example.com"),
                    tip -> new ChangePlan(Map.of(IMAGES, content), "Set", Trailers.none()));
            ChangeResult result = clone.submit(change).get();
            assertThat(result.changed(), is(true));
            assertThat(clone.submit(change).get().revision(), is(result.revision()));
        }
    }

    @Test
    public void trailersAreBounded() {
        String forged = "Forged\n\n" + "Gitops-Operation: x\n".repeat(20_000);
        assertThat(Trailers.parse(forged), is(Trailers.none()));
        assertThat(Trailers.parse("Forged\n\n" + "a-".repeat(200_000) + ": b\n"), is(Trailers.none()));
        String value = Trailers.parse("Forged\n\nGitops-Reason: " + "x".repeat(400_000) + "\n")
                .first(Trailers.REASON)
                .orElseThrow();
        assertThat(value.length(), is(1024));
    }
}
