package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.agent.demo.ExampleRepository;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import picocli.CommandLine;

/** {@code targets}, {@code check} and {@code init}, on a repository and on a folder. */
public class TreeCommandsTest {
    private static final String HEAD = "apiVersion: gitops.jenkins.io/v1alpha1\nkind: Delivery\n";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String out;
    private String err;

    @Test
    public void targetsOfARepository() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(bare);
        assertThat(repository(bare, "targets"), is(0));
        assertThat(
                out,
                containsString("payments-api/dev: services/payments-api/overlays/dev/image-tag.yaml\n"
                        + "  image: ghcr.io/myorg/payments-api:sha-a1b2c3d\n  rule: "));
        assertThat(repository(bare, "targets", "--output", "json"), is(0));
        JsonNode json = new ObjectMapper().readTree(out);
        assertThat(json.at("/targets/0/application").isTextual(), is(true));
        assertThat(json.at("/complete").asBoolean(), is(true));
        assertThat(repository(bare, "check"), is(0));
        assertThat(out, containsString("gitops.yaml is valid: "));
        assertThat(err, is(""));
    }

    @Test
    public void targetsOfAFolderNameWhatIsNotOne() throws Exception {
        file("apps/web/overlays/dev/kustomization.yaml", "images: [{name: acme/web, newTag: v1}]\n");
        file("apps/web/overlays/extra/deployment.yaml", "kind: ConfigMap\n");
        assertThat(run("targets", "--folder", root()), is(0));
        assertThat(
                out,
                startsWith("web/dev: apps/web/overlays/dev/kustomization.yaml\n  image: acme/web:v1\n"
                        + "  rule: known layout apps/{app}/overlays/{env}\n\nNot targets:\n"
                        + "  apps/web/overlays/extra is not a target, because "));
    }

    @Test
    public void proposalIsWrittenOnceAndAccepted() throws Exception {
        file("web/kustomize/dev/kustomization.yaml", "images: [{name: acme/web, newTag: v1}]\n");
        assertThat(run("targets", "--folder", root()), is(0));
        assertThat(out, is("No target was found. The command init proposes a gitops.yaml.\n"));
        assertThat(run("check", "--folder", root()), is(1));
        assertThat(err, startsWith("There is no gitops.yaml. "));
        assertThat(run("init", "--folder", root()), is(0));
        String proposal = out;
        assertThat(proposal, startsWith(HEAD));
        String written = root() + "/gitops.yaml";
        assertThat(run("init", "--folder", root(), "--write", written), is(0));
        assertThat(Files.readString(Path.of(written)), is(proposal));
        assertThat(run("check", "--file", written), is(0));
        assertThat(out, is("gitops.yaml is valid: 1 targets, 0 warnings\n"));
        assertThat(run("init", "--folder", root(), "--write", written), is(1));
        assertThat(err, is(written + " exists already. Name a new file with --write.\n"));
    }

    @Test
    public void errorsAreLinesAndExitWithOne() throws Exception {
        Path policy = file("gitops.yaml", HEAD + "colour: red\nsize: 1\n");
        assertThat(run("check", "--file", policy.toString()), is(1));
        assertThat(err.lines().count(), is(2L));
        assertThat(err, startsWith("gitops.yaml:3:1: "));
        assertThat(out, is(""));
        assertThat(run("check", "--folder", root(), "--output", "json"), is(1));
        JsonNode json = new ObjectMapper().readTree(out);
        assertThat(json.at("/valid").asBoolean(), is(false));
        assertThat(json.at("/errors").size(), is(2));
    }

    @Test
    public void checksALocalFileAgainstABranch() throws Exception {
        Path bare = folder.getRoot().toPath().resolve("platform.git");
        ExampleRepository.create(bare);
        Path policy = file("new.yaml", HEAD + "environments: [{name: dev}, {name: moon}]\n");
        assertThat(repository(bare, "check", "--file", policy.toString()), is(0));
        assertThat(out, containsString("warning: gitops.yaml:3:29: There is no target in environment moon. "));
    }

    private int repository(Path bare, String command, String... more) {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(more, 0, arguments, 5, more.length);
        arguments[0] = command;
        arguments[1] = "--repository";
        arguments[2] = bare.toString();
        arguments[3] = "--cache";
        arguments[4] = root() + "/cache";
        return run(arguments);
    }

    private Path file(String name, String content) throws Exception {
        Path file = folder.getRoot().toPath().resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private String root() {
        return folder.getRoot().getPath();
    }

    private int run(String... arguments) {
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine command = Main.commandLine().setOut(new PrintWriter(output)).setErr(new PrintWriter(errors));
        int status = Main.execute(command, arguments);
        out = output.toString();
        err = errors.toString();
        return status;
    }
}
