package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.core.render.yaml.ManifestYaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

public class MainTest {
    private static final String EXAMPLE = System.getProperty("gitops.root", ".") + "/docs/examples/config-repo";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    public void wrongUsageExitsWithTwo() {
        assertThat(run(), is(2));
        assertThat(run("no-such-command"), is(2));
        assertThat(run("agent"), is(2));
        assertThat(err.toString(), containsString("--config"));
        assertThat(out.toString(), is(""));
    }

    @Test
    public void helpExitsWithZero() {
        assertThat(run("--help"), is(0));
        assertThat(out.toString(), startsWith("Usage: gitops-agent"));
    }

    @Test
    public void rendersTheExample() {
        assertThat(run("render", EXAMPLE + "/apps/frontend/overlays/production"), is(0));
        List<String> kinds = new ArrayList<>();
        for (Object manifest : new Yaml().loadAll(out.toString())) {
            kinds.add((String) ((Map<?, ?>) manifest).get("kind"));
        }
        assertThat(kinds, is(List.of("ConfigMap", "Service", "Deployment")));
    }

    @Test
    public void warningsGoToStandardError() {
        assertThat(run("render", "--root", EXAMPLE, EXAMPLE + "/services/payments-api/overlays/dev"), is(0));
        assertThat(err.toString(), containsString("image-tag.yaml"));
    }

    @Test
    public void userErrorIsOneMessageAndExitsWithOne() throws Exception {
        Path file = folder.newFile("kustomization.yaml").toPath();
        Files.writeString(file, "resources: []\nhelmCharts: [{name: x}]\n");
        assertThat(run("render", folder.getRoot().getPath()), is(1));
        assertThat(err.toString(), startsWith("kustomization.yaml:2:13: helmCharts is not supported here. "));
        assertThat(err.toString().lines().count(), is(1L));
        assertThat(out.toString(), is(""));
    }

    @Test
    public void nothingOutsideTheRootIsRendered() {
        assertThat(run("render", "--root", folder.getRoot().getPath(), EXAMPLE), is(1));
        assertThat(err.toString(), containsString("is not below"));
    }

    @Test
    public void pathOutsideTheRootNamesTheOption() throws Exception {
        Path app = folder.newFolder("app").toPath();
        Files.writeString(app.resolve("kustomization.yaml"), "resources: [../base]\n");
        assertThat(run("render", "--root", app.toString(), app.toString()), is(1));
        assertThat(
                err.toString(),
                is(
                        "kustomization.yaml:1:13: ../base leaves the repository. Refer to something inside it. Nothing outside of "
                                + app + " is read; name a folder that contains both with --root.\n"));
    }

    @Test
    public void missingFolderIsOneLine() {
        assertThat(run("render", folder.getRoot() + "/missing"), is(1));
        assertThat(err.toString(), is("There is no folder " + folder.getRoot() + "/missing. Correct the path.\n"));
    }

    @Test
    public void everyFailureIsOneLine() {
        for (Throwable failure : List.of(
                new IllegalStateException("two\nlines"),
                new StackOverflowError(),
                new OutOfMemoryError(),
                new NoClassDefFoundError("x"),
                new IOException("disk"))) {
            err.getBuffer().setLength(0);
            assertThat(failing(failure), is(1));
            assertThat(err.toString(), err.toString().lines().count(), is(1L));
            assertThat(err.toString(), not(containsString("\tat ")));
        }
        assertThat(err.toString(), is("java.io.IOException: disk\n"));
    }

    @Test
    public void unusableKubeconfigIsOneLine() throws Exception {
        Path config = folder.newFile("agent.yaml").toPath();
        String least = "name: a\nrepository: {url: https://git.example.com/a.git}\napplications: apps\ncluster: ";
        Path kubeconfig = folder.getRoot().toPath().resolve("kubeconfig");
        assertRefusedInOneLine(
                config, least + "{kubeconfig: kubeconfig}\n", " cannot be read. Name a file that exists.");
        Files.writeString(kubeconfig, "{token: hunter2");
        assertRefusedInOneLine(
                config, least + "{kubeconfig: kubeconfig}\n", " is not a kubeconfig. Check it with kubectl");
        Files.writeString(kubeconfig, "apiVersion: v1\nkind: Config\n");
        assertRefusedInOneLine(config, least + "{kubeconfig: kubeconfig}\n", " has no current context. ");
        assertRefusedInOneLine(
                config, least + "{kubeconfig: kubeconfig, context: production}\n", " has no context production. ");
    }

    @Test
    public void insecureRepositoryUrlIsRejected() throws Exception {
        Path config = folder.newFile("agent.yaml").toPath();
        for (String url : List.of("http://git.example.com/a.git", "file:///srv/a.git", "/srv/a.git")) {
            assertRefusedInOneLine(
                    config,
                    "name: a\nrepository: {url: '" + url + "'}\napplications: apps\n",
                    "The URL of the repository ");
            assertThat(err.toString(), containsString("Give https://host/path, ssh://user@host/path"));
        }
    }

    private void assertRefusedInOneLine(Path config, String content, String message) throws Exception {
        Files.writeString(config, content);
        err.getBuffer().setLength(0);
        assertThat(run("agent", "--once", "--config", config.toString()), is(1));
        assertThat(err.toString(), containsString(message));
        assertThat(err.toString(), err.toString().lines().count(), is(1L));
        assertThat(err.toString(), not(containsString("hunter2")));
    }

    @Test
    public void renderedStringsStayStringsForEveryYamlReader() {
        Map<String, Object> data =
                Map.of("data", Map.of("a", "1e3", "b", "yes", "c", "0777", "d", "v1", "e", "x\ny\n"));
        String text = ManifestYaml.write(List.of(data));
        assertThat(new Yaml().load(text), is(data));
        assertThat(text, containsString("\"1e3\""));
        assertThat(text, containsString("\"0777\""));
    }

    private int failing(Throwable failure) {
        CommandLine command = Main.commandLine();
        Callable<Integer> fails = () -> {
            if (failure instanceof Error) {
                throw (Error) failure;
            }
            throw (Exception) failure;
        };
        command.addSubcommand("fail", CommandSpec.wrapWithoutInspection(fails));
        return run(command, "fail");
    }

    private int run(String... arguments) {
        return run(Main.commandLine(), arguments);
    }

    private int run(CommandLine command, String... arguments) {
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return Main.execute(command, arguments);
    }
}
