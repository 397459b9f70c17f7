package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * One overlay with several services, each with its own pipeline: a change of one service does not affect the others.
 */
public class ImageOptionTest {
    private static final String WEB = "ghcr.io/acme/web";
    private static final String WORKER = "ghcr.io/acme/worker";
    private static final String DEV = "k8s/overlays/dev/kustomization.yaml";
    private static final String STAGING = "k8s/overlays/staging/kustomization.yaml";
    private static final String BEFORE =
            "kind: Kustomization\nimages:\n- name: " + WEB + "\n  newTag: v1\n- name: " + WORKER + "\n  newTag: v1\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private LocalRepository repository;

    @Before
    public void createRepository() throws Exception {
        repository = LocalRepository.create(folder.getRoot().toPath(), Map.of(DEV, BEFORE, STAGING, BEFORE));
    }

    @Test
    public void historyNamesTheSubjectOfCommitsByOthers() throws Exception {
        set(WEB, "v2");
        JsonNode entries = run("history", "--env", "dev").at("/entries");
        assertThat(entries.at("/0/subject").isNull(), is(true));
        assertThat(entries.at("/1/subject").asText(), is("Import"));
        assertThat(entries.at("/1/author").asText(), is("Ann"));
        assertThat(entries.at("/1/writtenBy").size(), is(0));
    }

    @Test
    public void onlyTheSelectedImageIsPromoted() throws Exception {
        set(WEB, "v2-bad");
        set(WORKER, "v2");
        JsonNode promoted = run("promote", "--from", "dev", "--to", "staging", "--image", WORKER);
        assertThat(images(promoted), is(List.of(WORKER + ":v1 -> " + WORKER + ":v2")));
        assertThat(repository.text(STAGING), is(BEFORE.replace("worker\n  newTag: v1", "worker\n  newTag: v2")));
        assertThat(
                run("promote", "--from", "dev", "--to", "staging", "--image", WORKER)
                        .at("/changed")
                        .asBoolean(),
                is(false));
        assertThat(repository.run(arguments("promote", "--from", "dev", "--to", "staging", "--image", "nginx")), is(1));
        assertThat(repository.err(), is("web/dev sets no image nginx. Use one of " + WEB + ", " + WORKER + ".\n"));
    }

    @Test
    public void onlyTheSelectedImageIsRolledBack() throws Exception {
        String good = set(WEB, "v1.1");
        String bad = set(WEB, "v2-bad");
        set(WORKER, "v2");
        JsonNode back = rollback(WEB);
        assertThat(images(back), is(List.of(WEB + ":v2-bad -> " + WEB + ":v1.1")));
        assertThat(repository.message(), containsString("web/dev: roll back to v1.1\n"));
        assertThat(repository.message(), containsString("Gitops-Rollback-Of: " + bad + "\n"));
        assertThat(repository.message(), not(containsString(WORKER)));
        assertThat(repository.text(DEV), containsString("worker\n  newTag: v2\n"));
        assertThat(
                "the target is held, not the image",
                repository.run(arguments("set-image", "--env", "dev", "--image", WORKER, "--tag", "v3")),
                is(1));
        assertThat(images(rollback(WEB)), is(List.of(WEB + ":v1.1 -> " + WEB + ":v1")));
        assertThat(repository.run(arguments("rollback", "--env", "dev", "--reason", "x", "--image", WEB)), is(1));
        assertThat(
                repository.err(),
                is("web/dev never had another image for " + WEB + ". Name a revision or tag that the history of"
                        + " k8s/overlays/dev shows.\n"));
        assertThat(
                "another image's revision",
                images(rollback(WORKER, "--to", good)),
                is(List.of(WORKER + ":v2 -> " + WORKER + ":v1")));
    }

    @Test
    public void rollbackOfTheWholeTargetNeverRestoresAnImageThatWasRolledBack() throws Exception {
        set(WEB, "v2-bad");
        set(WORKER, "v2");
        rollback(WEB);
        JsonNode back = run("rollback", "--env", "dev", "--reason", "all of it");
        assertThat(images(back), is(List.of(WORKER + ":v2 -> " + WORKER + ":v1")));
        assertThat(repository.text(DEV), is(BEFORE));
    }

    @Test
    public void onlyTheSelectedImageThatWasAddedIsRemoved() throws Exception {
        run("set-image", "--env", "dev", "--image", "ghcr.io/acme/new", "--tag", "v1", "--create");
        set(WORKER, "v2");
        JsonNode back = rollback("ghcr.io/acme/new");
        assertThat(images(back), is(List.of("ghcr.io/acme/new:v1 -> null")));
        assertThat(repository.text(DEV), is(BEFORE.replace("worker\n  newTag: v1", "worker\n  newTag: v2")));
    }

    @Test
    public void oneOperationIdIsOneImage() throws Exception {
        set(WEB, "v2");
        set(WORKER, "v2");
        JsonNode first = rollback(WEB, "--operation", "release-2");
        assertThat(rollback(WEB, "--operation", "release-2"), is(first));
        assertThat(
                repository.run(arguments(
                        "rollback", "--env", "dev", "--reason", "x", "--image", WORKER, "--operation", "release-2")),
                is(1));
        assertThat(
                repository.err(),
                containsString(
                        "Operation \"release-2\" was already used for the rollback of web/dev to " + WEB + ":v1"));
    }

    private String set(String image, String tag) throws Exception {
        return run("set-image", "--env", "dev", "--image", image, "--tag", tag)
                .at("/revision")
                .asText();
    }

    private JsonNode rollback(String image, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of("rollback", "--env", "dev", "--reason", "bad", "--image", image));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private JsonNode run(String... arguments) throws Exception {
        return repository.json(arguments(arguments));
    }

    private static String[] arguments(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--app", "web"));
        return all.toArray(String[]::new);
    }

    private static List<String> images(JsonNode result) {
        List<String> images = new ArrayList<>();
        result.at("/images")
                .forEach(image -> images.add(
                        image.at("/from").asText() + " -> " + image.at("/to").asText()));
        return images;
    }
}
