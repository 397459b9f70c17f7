package io.jenkins.plugins.gitops;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** Packages depend only on lower ones, and nothing that Jenkins loads can reach a Kubernetes client. */
public class ArchitectureTest {
    private static final String BASE = "io.jenkins.plugins.gitops.";
    /** The levels from the bottom up; packages of one level do not depend on each other. */
    private static final List<List<String>> TOWER = List.of(
            List.of("core"),
            List.of("config"),
            List.of("repository", "promotion"),
            List.of("webhook"),
            List.of("status"),
            List.of("await"),
            List.of("steps", "reconcile"),
            List.of("ui"));

    private static final String[] PLUGIN = TOWER.stream()
            .skip(1)
            .flatMap(List::stream)
            .map(room -> BASE + room + "..")
            .toArray(String[]::new);
    // In the plugin's build, the agent's classes are in the folder of the tests, so they are selected by package.
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/") || location.contains("/gitops/agent/"))
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages("io.jenkins.plugins.gitops");

    @Test
    public void coreDependsOnNeitherJenkinsNorKubernetesNorPackagesAboveIt() {
        check(noClasses()
                .that()
                .resideInAPackage(BASE + "core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("hudson..", "jenkins..", "org.kohsuke..", "org.jenkinsci..", "io.fabric8..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(with(PLUGIN, BASE + "agent..")));
    }

    @Test
    public void agentDoesNotDependOnJenkins() {
        check(noClasses()
                .that()
                .resideInAPackage(BASE + "agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("hudson..", "jenkins..", "org.kohsuke..", "org.jenkinsci..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(PLUGIN));
    }

    @Test
    public void onlyTheAgentDependsOnKubernetes() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(BASE + "agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", BASE + "agent.."));
    }

    @Test
    public void packagesOfThePluginDependDownwardsOnly() {
        for (int level = 0; level < TOWER.size(); level++) {
            for (String room : TOWER.get(level)) {
                List<String> aboveOrBeside = TOWER.subList(level, TOWER.size()).stream()
                        .flatMap(List::stream)
                        .filter(other -> !other.equals(room))
                        .map(other -> BASE + other + "..")
                        .toList();
                if (!aboveOrBeside.isEmpty()) {
                    check(noClasses()
                            .that()
                            .resideInAPackage(BASE + room + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(aboveOrBeside.toArray(String[]::new)));
                }
            }
        }
    }

    @Test
    public void packagesHaveNoCycles() {
        check(slices().matching(BASE + "core.(**)").should().beFreeOfCycles());
        check(slices().matching(BASE + "(status.*)..").should().beFreeOfCycles());
    }

    /** Classes named Messages are excluded: Jenkins generates one in each package with such a properties file. */
    @Test
    public void classNamesAreUnique() throws IOException {
        Path root = Path.of(System.getProperty("gitops.root", "."));
        Map<String, List<Path>> files = new TreeMap<>();
        for (String folder : List.of("src", "agent/src")) {
            try (Stream<Path> all = Files.walk(root.resolve(folder))) {
                all.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                        .forEach(
                                file -> files.computeIfAbsent(file.getFileName().toString(), name -> new ArrayList<>())
                                        .add(root.relativize(file)));
            }
        }
        files.values().removeIf(same -> same.size() == 1);
        assertThat(files, is(Map.of()));
    }

    @Test
    public void classesNamedInArchitectureMdExist() throws IOException {
        Path root = Path.of(System.getProperty("gitops.root", "."));
        String page = Files.readString(root.resolve("docs/architecture.md"));
        Set<String> named = Pattern.compile("`([A-Z]\\w+)`|participant \\w+ as (\\w+)")
                .matcher(page)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        for (String folder : List.of("src", "agent/src")) {
            try (Stream<Path> all = Files.walk(root.resolve(folder))) {
                all.forEach(file -> named.remove(file.getFileName().toString().replace(".java", "")));
            }
        }
        assertThat(named, is(Set.of()));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static String[] with(String[] packages, String another) {
        String[] all = Arrays.copyOf(packages, packages.length + 1);
        all[packages.length] = another;
        return all;
    }
}
