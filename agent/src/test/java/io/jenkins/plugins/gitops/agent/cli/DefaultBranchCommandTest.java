package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Commands without {@code --branch} on a repository whose default branch is not main. */
public class DefaultBranchCommandTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void defaultBranchOfTheRepositoryIsWritten() throws Exception {
        Path root = folder.getRoot().toPath();
        LocalRepository repository = LocalRepository.create(
                root, Map.of("apps/web/overlays/dev/kustomization.yaml", "images: [{name: o/web, newTag: v1}]\n"));
        try (Git git = Git.open(root.resolve("config.git").toFile())) {
            git.branchRename().setOldName("main").setNewName("trunk").call();
        }
        assertThat(Files.readString(root.resolve("config.git/HEAD")), is("ref: refs/heads/trunk\n"));
        String[] set = {"set-image", "--app", "web", "--env", "dev", "--images", "o/web:v2"};
        assertThat(repository.json(set).at("/changed").asBoolean(), is(true));
        try (Git git = Git.open(root.resolve("config.git").toFile())) {
            assertThat(git.branchList().call().size(), is(1));
        }
        assertThat(repository.json(set).at("/changed").asBoolean(true), is(false));
    }
}
