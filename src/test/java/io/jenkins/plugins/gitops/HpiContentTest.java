package io.jenkins.plugins.gitops;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.BeforeClass;
import org.junit.Test;

/** Checks the packaged plugin. Runs after packaging; see the execution {@code hpi-content} in the POM. */
public class HpiContentTest {
    private static final List<String> ENTRIES = new ArrayList<>();
    private static final List<String> JARS = new ArrayList<>();

    @BeforeClass
    public static void open() throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(System.getProperty("gitops.hpi")))) {
            read(in);
        }
    }

    /** RE2/J matches users' regular expressions in linear time, and no API plugin provides it. */
    @Test
    public void containsThePluginAndNoLibraryExceptRe2j() {
        assertThat(
                JARS.stream()
                        .map(jar -> jar.replaceFirst("-[0-9.]+\\.jar$", ".jar"))
                        .toList(),
                containsInAnyOrder("WEB-INF/lib/gitops.jar", "WEB-INF/lib/re2j.jar"));
        assertThat(ENTRIES, hasItem("io/jenkins/plugins/gitops/core/await/AwaitDecision.class"));
    }

    @Test
    public void containsNoKubernetesClient() {
        assertThat(ENTRIES.stream().filter(e -> e.startsWith("io/fabric8/")).toList(), empty());
    }

    @Test
    public void containsNothingOfTheAgent() {
        assertThat(
                ENTRIES.stream()
                        .filter(e -> e.startsWith("io/jenkins/plugins/gitops/agent/"))
                        .toList(),
                empty());
    }

    private static void read(InputStream in) throws IOException {
        ZipInputStream zip = new ZipInputStream(in);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            ENTRIES.add(entry.getName());
            if (entry.getName().endsWith(".jar")) {
                JARS.add(entry.getName());
                read(zip);
            }
        }
    }
}
