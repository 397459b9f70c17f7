package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.gitops.core.testkit.BranchedRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Commands on a repository in which each environment has a separate branch. */
public class EnvironmentBranchCommandTest {
    private static final String FILE = "apps/web/kustomization.yaml";
    private static final String POLICY = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n"
            + "applications: [{path: \"apps/{app}\"}]\n"
            + "environments:\n- name: dev\n- {name: production, branch: env/production}\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private BranchedRepository remote;
    private LocalRepository commands;

    @Before
    public void createBranches() throws Exception {
        Path root = folder.getRoot().toPath();
        remote = BranchedRepository.create(root.resolve("config.git"));
        remote.commit("main", "ann", Map.of("gitops.yaml", POLICY, FILE, images("v1")));
        remote.commit("env/production", "ann", Map.of(FILE, images("v0")));
        commands = LocalRepository.of(root, remote.path());
    }

    private static String images(String tag) {
        return "images: [{name: o/web, newTag: " + tag + "}]\n";
    }

    @Test
    public void commandsChooseTheBranchByThePolicy() throws Exception {
        commands.json("set-image", "--app", "web", "--env", "dev", "--tag", "v2");
        assertThat(remote.text("main", FILE), is(images("v2")));
        assertThat(remote.text("env/production", FILE), is(images("v0")));

        JsonNode promoted = commands.json("promote", "--app", "web", "--from", "dev", "--to", "production");
        assertThat(promoted.at("/target").asText(), is("web/production"));
        assertThat(remote.text("env/production", FILE), is(images("v2")));
        assertThat(remote.tip("env/production"), is(promoted.at("/revision").asText()));

        JsonNode history = commands.json("history", "--app", "web", "--env", "production");
        assertThat(history.at("/entries/0/kind").asText(), is("PROMOTION"));
        assertThat(history.at("/revision").asText(), is(remote.tip("env/production")));

        commands.json("rollback", "--app", "web", "--env", "production", "--reason", "broken");
        assertThat(remote.text("env/production", FILE), is(images("v0")));
        assertThat(commands.run("set-image", "--app", "web", "--env", "production", "--tag", "v3"), is(1));
        assertThat(commands.err(), containsString("web/production is held by "));
        commands.json("release", "--app", "web", "--env", "production", "--reason", "fixed");
        commands.json("set-image", "--app", "web", "--env", "production", "--tag", "v3");
        commands.json("hold", "--app", "web", "--env", "production", "--reason", "freeze");
        assertThat(remote.text("env/production", ".gitops/holds/production/web.yaml"), containsString("freeze"));
        assertThat(remote.text("main", FILE), is(images("v2")));
    }

    @Test
    public void targetsAndCheckShowAllBranches() throws Exception {
        JsonNode targets = commands.json("targets");
        assertThat(targets.at("/targets").size(), is(2));
        assertThat(targets.at("/targets/0/environment").asText(), is("dev"));
        assertThat(targets.at("/targets/0/branch").isNull(), is(true));
        assertThat(targets.at("/targets/1/branch").asText(), is("env/production"));
        assertThat(targets.at("/targets/1/images/0").asText(), is("o/web:v0"));
        assertThat(commands.json("check").at("/targets").asInt(), is(2));

        Path file = folder.getRoot().toPath().resolve("gitops.yaml");
        Files.writeString(file, POLICY.replace("{name: production,", "{name: live,"));
        JsonNode proposed = commands.json("check", "--file", file.toString());
        assertThat(proposed.at("/warnings").size(), is(0));
        assertThat(proposed.at("/targets").asInt(), is(2));
    }

    @Test
    public void branchThatDoesNotExistAffectsOnlyItsTargets() throws Exception {
        remote.delete("env/production");
        assertThat(commands.run("set-image", "--app", "web", "--env", "production", "--tag", "v2"), is(1));
        assertThat(commands.err(), containsString("gitops.yaml:6:30: There is no branch \"env/production\" in "));
        assertThat(remote.has("env/production"), is(false));
        assertThat(commands.json("check").at("/warnings/0").asText(), containsString("There is no branch"));
        JsonNode targets = commands.json("targets");
        assertThat(targets.at("/targets").size(), is(1));
        assertThat(targets.at("/problems/0").asText(), containsString("gitops.yaml:6:30: There is no branch"));
        commands.json("set-image", "--app", "web", "--env", "dev", "--tag", "v2");
    }
}
