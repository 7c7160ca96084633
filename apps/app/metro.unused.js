/**
 * What comes along with packages and never runs in the browser: Metro shakes no trees, and without this the first script
 * were half as large again. Each pattern is a file's path as it resolves; the file counts as empty.
 */
module.exports = [
  // Navigators of expo-router that draw headers and tab bars: all our layouts are slots. The files that only reach for them
  // stay, since they make a navigator of each kind as they load.
  /expo-router\/build\/layouts\/(?:Stack|Stack\.web|Tabs)\.js$/,
  /expo-router\/build\/layouts\/(?:experimental-stack|stack-utils)\/index\.js$/,
  /expo-router\/build\/fork\/native-stack\/NativeStackView(?:\.web)?\.js$/,
  /expo-router\/build\/react-navigation\/native-stack\/views\/[^/]+\.js$/,
  /expo-router\/build\/react-navigation\/bottom-tabs\/(?:views|navigators|TransitionConfigs)\/[^/]+\.js$/,
  /expo-router\/build\/react-navigation\/elements\/Header\/[^/]+\.js$/,
  /expo-router\/build\/link\/preview\/HrefPreview\.js$/,
  // Lists that draw only what is in view: ours are short, or pages.
  /react-native-web\/dist\/exports\/(?:FlatList|SectionList|VirtualizedList|CheckBox|Picker|RefreshControl)\/index\.js$/,
  /react-native-web\/dist\/vendor\/react-native\/(?:FlatList|SectionList|VirtualizedList|VirtualizedSectionList)\/index\.js$/,
  // The words of zod's messages in fifty languages (English is asked for by itself), and what it makes of schemas.
  /zod\/v4\/locales\/index\.js$/,
  /zod\/v4\/classic\/from-json-schema\.js$/,
  /zod\/v4\/core\/(?:compile|json-schema-generator)\.js$/,
  // Translations with markup in them: our words have none.
  /react-i18next\/dist\/es\/(?:TransWithoutContext|IcuTrans|IcuTransWithoutContext)\.js$/,
];
