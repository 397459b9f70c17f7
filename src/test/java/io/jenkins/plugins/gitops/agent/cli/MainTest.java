package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

public class MainTest {
    private static final String EXAMPLE = System.getProperty("gitops.root", ".") + "/docs/examples/config-repo";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    public void wrongUsageEndsWithTwo() {
        assertThat(run(), is(2));
        assertThat(run("no-such-command"), is(2));
        assertThat(run("agent"), is(2));
        assertThat(err.toString(), containsString("--config"));
        assertThat(out.toString(), is(""));
    }

    @Test
    public void helpEndsWithZero() {
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
    public void warningsGoToTheErrorStream() {
        assertThat(run("render", "--root", EXAMPLE, EXAMPLE + "/services/payments-api/overlays/dev"), is(0));
        assertThat(err.toString(), containsString("image-tag.yaml"));
    }

    @Test
    public void refusalIsOneMessageAndEndsWithOne() throws Exception {
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
    public void textsKeepTheirTypeForEveryReader() {
        Map<String, Object> data =
                Map.of("data", Map.of("a", "1e3", "b", "yes", "c", "0777", "d", "v1", "e", "x\ny\n"));
        String text = ManifestYaml.dump(data);
        assertThat(new Yaml().load(text), is(data));
        assertThat(text, containsString("\"1e3\""));
        assertThat(text, containsString("\"0777\""));
    }

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
